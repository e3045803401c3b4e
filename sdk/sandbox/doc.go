// Package sandbox emulates a vendor's HTTP API on loopback, driven by the same operation files that package rest
// sends from. It shares no code with rest: requests are decoded from the wire, so that a fault in binding or
// signing shows here as it would at the vendor.
package sandbox
