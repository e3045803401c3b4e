package verbs

import (
	"encoding/base64"
	"fmt"
)

// decodeBody reads a body that the vendor sends plain or in Base64, without saying which. The size decides; a body in
// Base64 is longer than its content, so only one of the two can have it. Without a size, or when neither has it, what is
// known of the operation decides: messages come in Base64 by observation. check says how sure that is.
func decodeBody(sent string, size *count) (body []byte, check string) {
	decoded, err := base64.StdEncoding.DecodeString(sent)
	encoded := err == nil
	switch {
	case size != nil && encoded && int64(len(decoded)) == size.or(0):
		return decoded, "intact: it has the size that the vendor tells; there is no checksum"
	case size != nil && int64(len(sent)) == size.or(0):
		return []byte(sent), "intact: it has the size that the vendor tells, sent plain; there is no checksum"
	case size != nil && encoded:
		return decoded, fmt.Sprintf("damaged: %d bytes of %d, read as Base64", len(decoded), size.or(0))
	case size != nil:
		return []byte(sent), fmt.Sprintf("damaged: %d bytes of %d, read as plain text", len(sent), size.or(0))
	case encoded && sent != "":
		return decoded, "unchecked: the vendor told no size; read as Base64, which a short plain text can look like"
	default:
		return []byte(sent), "unchecked: the vendor told no size"
	}
}
