package mahalla

// TerritoryID identifies a node of the tree of territories.
type TerritoryID int64

// RootTerritory is the republic, the catch-all of routing.
const RootTerritory TerritoryID = 1

// TerritoryKind is the level of a node. A sector is optional: a mahalla may
// hang below a district directly.
type TerritoryKind string

// The levels of the tree, from the root down.
const (
	Republic TerritoryKind = "republic"
	Region   TerritoryKind = "region"
	District TerritoryKind = "district"
	Sector   TerritoryKind = "sector"
	Mahalla  TerritoryKind = "mahalla"
)

// Territory is one node of the tree.
type Territory struct {
	ID      TerritoryID
	Parent  TerritoryID // 0 at the root
	Kind    TerritoryKind
	Code    string // SOATO code, or the operator's own; unique
	Number  int    // number of a sector, else 0
	Point   string // the law-and-order point that serves it, if known
	Names   Names
	Path    []TerritoryID // the node itself first, then upwards to the root
	Retired bool
}

// Names is a name in every language.
type Names struct{ UzLatn, UzCyrl, Ru string }

// In gives the name in a language; where it is missing, the Latin one.
func (n Names) In(l Language) string {
	name := n.UzLatn
	switch l {
	case UzCyrl:
		name = n.UzCyrl
	case Ru:
		name = n.Ru
	}
	if name == "" {
		return n.UzLatn
	}
	return name
}
