// Package trail is the neutral model of "where is my message?", and the verbs that a vendor's plugin implements so that
// mqtrail can answer it.
//
// A client of a plugin has a method for each verb that its vendor's API can do ([MessageFinder], [MessageTracer] …);
// [Implemented] finds them and offers them as operations with fixed schemas. A verb reports what the vendor said, as
// evidence. It draws no conclusion: verdicts are the host's.
//
// Rules of the model:
//   - Integers are 64-bit; nothing passes through a float.
//   - A pointer, a list or a text that is not there was not in this answer. What the vendor never tells is named in
//     [Gathered].NotOffered. The two are told apart, for zero and unknown are different answers.
//   - A value of an open set that the plugin does not know goes through as the vendor wrote it (Raw), with an unknown
//     outcome: a status is never guessed to be a success.
//   - Names are OpenTelemetry's where its messaging conventions have one; see [Message.Attributes].
package trail
