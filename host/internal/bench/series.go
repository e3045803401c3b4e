package main

import (
	"context"
	"slices"
)

// series are the values of one thing, measured in several rounds.
type series []float64

// quantile is the value below which a share of the others lies.
func (s series) quantile(share float64) float64 {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(share*float64(len(sorted)-1)+0.5)]
}

func (s series) median() float64 { return s.quantile(0.5) }

// per divides round by round: what disturbed one round disturbed both values.
func (s series) per(floor series) series {
	ratios := make(series, len(s))
	for i := range s {
		ratios[i] = s[i] / floor[i]
	}
	return ratios
}

// minus subtracts round by round.
func (s series) minus(other series) series {
	rest := make(series, len(s))
	for i := range s {
		rest[i] = s[i] - other[i]
	}
	return rest
}

type measure func(context.Context) (float64, error)

// turns takes the measures one after another, round after round. The first round warms up and is not kept.
func turns(ctx context.Context, rounds int, measures ...measure) ([]series, error) {
	taken := make([]series, len(measures))
	for round := range rounds + 1 {
		for i, take := range measures {
			value, err := take(ctx)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				taken[i] = append(taken[i], value)
			}
		}
	}
	return taken, nil
}
