package main

import (
	"context"
	"errors"
	"math/rand/v2"

	"diachiso/bench/variant"
)

// poolOf is how many addresses are drawn for questions of n each: not every
// address has what a kind changes.
func poolOf(n int) int { return 8*n + 200 }

// pool are addresses drawn from a registry.
type pool struct {
	addresses []variant.Written
	registry  int // current addresses in it
	usable    int // of those, ones that a text can name and that could be taken apart
}

// draw takes n usable addresses of a registry, each as likely as any other
// (reservoir sampling), in an order that depends on the seed and the registry
// alone.
func draw(ctx context.Context, r registry, n int, seed uint64) (pool, error) {
	p := pool{}
	rng := rand.New(rand.NewPCG(seed, 0))
	err := r.each(ctx, func(record variant.Record) {
		p.registry++
		written, ok := variant.TakeApart(record)
		if !ok {
			return
		}
		p.usable++
		if len(p.addresses) < n {
			p.addresses = append(p.addresses, written)
		} else if at := rng.IntN(p.usable); at < n {
			p.addresses[at] = written
		}
	})
	if err == nil && len(p.addresses) == 0 {
		err = errors.New("the registry has no address to ask for: fill it with diachiso demo")
	}
	variant.Elsewhere(p.addresses)
	return p, err
}

// question is one text and the address it was made of.
type question struct {
	text    string
	address *variant.Written
}

// questions are at most n variants of a kind, each of another address.
func (p pool) questions(k variant.Kind, n int, seed uint64) []question {
	var list []question
	for _, i := range k.Order(seed).Perm(len(p.addresses)) {
		if len(list) == n {
			break
		}
		if text, ok := k.Write(&p.addresses[i], seed); ok {
			list = append(list, question{text, &p.addresses[i]})
		}
	}
	return list
}
