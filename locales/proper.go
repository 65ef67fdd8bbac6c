package locales

// ProperName returns the words of the natural key of a typed name without those
// that only say what kind of place it is: mahallasi, tumani, район.
func ProperName(s string) []string { return proper(FoldWords(s)) }
