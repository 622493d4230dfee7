package models

import (
	"context"
	"errors"
)

// Housekeep does what time demands, and goes on with the rest where a job
// fails. Its jobs may run at any time, twice, and on several machines at once.
func (s *Store) Housekeep(ctx context.Context) error {
	var errs []error
	for _, job := range []func(context.Context) error{
		s.ExpireProposals,
		s.forgetReads, s.forgetConfirmations, s.forgetNotes,
		s.forgetAttempts, s.forgetSessions,
	} {
		errs = append(errs, job(ctx))
	}
	return errors.Join(errs...)
}
