package stratalens

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpc "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"

	v1 "stratalens.dev/go/stratalensv1"
)

func TestEveryReasonHasACode(t *testing.T) {
	for _, name := range v1.Reason_name {
		reason := strings.TrimPrefix(name, "REASON_")
		if _, known := codeOfReason[reason]; !known && reason != "UNSPECIFIED" {
			t.Errorf("%s has no code", reason)
		}
	}
}

func TestDetails(t *testing.T) {
	failure := readStatus(statusOf(t, codes.ResourceExhausted, "Ask again.",
		&errdetails.ErrorInfo{Domain: domain, Reason: "QUOTA_EXCEEDED"},
		&v1.QuotaExceeded{Value: 60},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)}))
	quota, known := failure.Detail.(*v1.QuotaExceeded)
	if failure.Code != CodeQuotaExceeded || failure.Message != "Ask again." || !known || quota.Value != 60 {
		t.Error(failure)
	}
	if failure.RetryAfter != 1500*time.Millisecond || !failure.Retryable() {
		t.Error(failure.RetryAfter)
	}
}

func TestReasonsOfANewerServer(t *testing.T) {
	info := &errdetails.ErrorInfo{Domain: domain, Reason: "SOMETHING_NEW"}
	failure := readStatus(statusOf(t, codes.FailedPrecondition, "Do that.", info))
	if failure.Code != CodeRefused || failure.Message != "Do that." || failure.Retryable() {
		t.Error(failure)
	}
}

func TestAModelThatNeverFits(t *testing.T) {
	for needed, retryable := range map[int64]bool{5: true, 20: false} {
		detail := &v1.ModelMemoryExceeded{NeededBytes: needed, BudgetBytes: 10}
		failure := &Error{Code: CodeModelMemory, Detail: detail}
		if failure.Retryable() != retryable {
			t.Errorf("%d of 10 bytes", needed)
		}
	}
}

func TestErrorsOfContexts(t *testing.T) {
	if !errors.Is(&Error{Code: CodeCanceled}, context.Canceled) || !errors.Is(&Error{Code: CodeDeadlineExceeded}, context.DeadlineExceeded) {
		t.Error("not the errors of contexts")
	}
	if errors.Is(&Error{Code: CodeInternal}, context.Canceled) {
		t.Error("any error is a cancellation")
	}
}

func statusOf(t *testing.T, code codes.Code, message string, details ...proto.Message) *rpc.Status {
	t.Helper()
	status := &rpc.Status{Code: int32(code), Message: message}
	for _, detail := range details {
		packed, err := anypb.New(detail)
		if err != nil {
			t.Fatal(err)
		}
		status.Details = append(status.Details, packed)
	}
	return status
}
