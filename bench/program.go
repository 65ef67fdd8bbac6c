package main

import "context"

func program(ctx context.Context, b *bench) error { return nil }
