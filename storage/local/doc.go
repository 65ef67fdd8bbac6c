// Package local starts a PostgreSQL and a Redis of the program's own, for a
// pilot on one machine, for the demo and for the tests.
//
// A server started here belongs to this process: it listens only where this
// machine's same user can reach it, and it ends when the process ends, however
// that ends. The package must not be used for servers that others share, knows
// nothing of what is stored in them, and never changes data that it did not
// make.
package local
