package main

import "context"

func reports(ctx context.Context, b *bench) error { return nil }
