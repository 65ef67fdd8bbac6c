package mahalla

import "testing"

func TestOnlyTheOwnerOfAnOpenCaseSeesTheNumber(t *testing.T) {
	t.Parallel()
	const owner, other, reporter = PersonID(2), PersonID(3), PersonID(1)
	for _, c := range []struct {
		status Status
		owner  PersonID
		reader PersonID
		want   bool
	}{
		{New, 0, owner, false}, {New, 0, 0, false},
		{Accepted, owner, owner, true}, {Waiting, owner, owner, true},
		{Accepted, owner, other, false}, {Accepted, owner, reporter, false},
		{Closed, owner, owner, false}, {Withdrawn, owner, owner, false},
	} {
		of := &Case{Reporter: reporter, Status: c.status, Owner: c.owner}
		if got := of.SeesPhone(c.reader); got != c.want {
			t.Errorf("%s of %d, read by %d: got %v", c.status, c.owner, c.reader, got)
		}
	}
}

func TestANumberSaidWithoutItsCountryIsOneOfUzbekistan(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"90 123 45 67": "+998901234567", "(90) 123-45-67": "+998901234567", "901234567": "+998901234567",
		"+998 90 123-45-67": "+998901234567", "998901234567": "+998901234567",
		"+90 123 45 67":   "+901234567", // of another country, said so
		"8 901 234 56 78": "+89012345678", "1234567": "+1234567", "123456": "", "": "",
	} {
		if got := PhoneOf(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}
