// Package shape makes a vendor's answer fit to be handed on: without secrets, selected by a jq expression, and held
// to a size. What it leaves of the answer stays as the vendor wrote it, numbers digit for digit.
package shape
