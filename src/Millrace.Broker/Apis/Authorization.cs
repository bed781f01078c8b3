using Millrace.Broker.Topics;
using Millrace.Protocol;

namespace Millrace.Broker.Apis;

/// <summary>What a user who may only read is told by the APIs that change topics.</summary>
internal static class Authorization
{
    public static TopicOutcome? Refusal(RequestContext context) => context.MayWrite
        ? null
        : TopicOutcome.Refused(ErrorCode.TopicAuthorizationFailed, "This user may only read.");
}
