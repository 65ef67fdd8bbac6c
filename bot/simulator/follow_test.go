package simulator

import "testing"

func TestALinkOpensTheChatOnlyAsTelegramWould(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://t.me/koprik_bot?start=x_AbC-9": "x_AbC-9",
		"https://t.me/Koprik_Bot?start=m_1":     "m_1",
		"https://t.me/other_bot?start=m_1":      "",
		"http://t.me/koprik_bot?start=m_1":      "",
		"https://example.com/koprik_bot?start=": "",
		"https://t.me/koprik_bot":               "",
		"https://t.me/koprik_bot?start=a%20b":   "",
		"https://t.me/koprik_bot?start=" + "0123456789012345678901234567890123456789012345678901234567890123":  "0123456789012345678901234567890123456789012345678901234567890123",
		"https://t.me/koprik_bot?start=" + "01234567890123456789012345678901234567890123456789012345678901234": "",
	} {
		got, err := payloadOf(address, "koprik_bot")
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", address, got, err, want)
		}
	}
}
