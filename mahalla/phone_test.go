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
