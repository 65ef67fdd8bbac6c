package main

import "context"

func clock(ctx context.Context, b *bench) error { return nil }
