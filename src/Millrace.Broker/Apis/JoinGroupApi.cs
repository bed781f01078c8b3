using Millrace.Broker.Groups;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// JoinGroup, versions 0 to 9: waits until the group's next generation is decided. 4 on: a new member is told its id first and
/// joins with it; 5 on: static members; 9: a static leader that returns may be told to leave the assignment alone.
/// <para>Not as Kafka: a group with members of the new protocol takes none of this one (INCONSISTENT_GROUP_PROTOCOL), since they are not converted.</para>
/// <para>Not as Kafka: what a member says to the leader is limited to 1 MiB, where Kafka's limit is the batch size of the
/// topic that it keeps groups in.</para>
/// </summary>
internal sealed class JoinGroupApi(BrokerServices services) : Api<JoinGroupRequest, JoinGroupResponse>(minVersion: 0, maxVersion: 9)
{
    private const short HasRebalanceTimeout = 1;
    private const short MemberIdFirst = 4;
    private const short CanSkipAssignment = 9;
    private const short ProtocolNameMayBeNull = 7;
    private const int MaxMetadataBytes = 1024 * 1024;

    protected override async ValueTask<JoinGroupResponse?> HandleAsync(JoinGroupRequest request, RequestContext context)
    {
        if (request.Protocols.Sum(p => (long)p.Metadata.Length) > MaxMetadataBytes)
            return ToResponse(new JoinResult(ErrorCode.InvalidRequest, request.MemberId), context.Version);

        var sessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        var input = new JoinInput
        {
            MemberId = request.MemberId,
            InstanceId = request.GroupInstanceId,
            ClientId = context.ClientId,
            ClientHost = context.ClientHost,
            SessionTimeout = sessionTimeout,
            RebalanceTimeout = context.Version >= HasRebalanceTimeout && request.RebalanceTimeoutMs >= 0
                ? TimeSpan.FromMilliseconds(request.RebalanceTimeoutMs)
                : sessionTimeout,
            ProtocolType = request.ProtocolType,
            // Copied: the request's memory is another one's as soon as it is answered.
            Protocols = [.. request.Protocols.Select(p => new GroupProtocol(p.Name, p.Metadata.ToArray()))],
            MustKnowItsId = context.Version >= MemberIdFirst,
            CanSkipAssignment = context.Version >= CanSkipAssignment,
        };
        var joined = services.Groups.JoinAsync(request.GroupId, input);
        try
        {
            return ToResponse(await joined.WaitAsync(context.Ending).ConfigureAwait(false), context.Version);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to read it. The member itself stays until its session ends, as in Kafka.
            return ToResponse(new JoinResult(ErrorCode.CoordinatorNotAvailable, request.MemberId), context.Version);
        }
    }

    private static JoinGroupResponse ToResponse(JoinResult result, short version) => new()
    {
        ErrorCode = result.Error,
        GenerationId = result.Generation,
        ProtocolType = result.ProtocolType,
        ProtocolName = result.ProtocolName ?? (version >= ProtocolNameMayBeNull ? null : ""),
        Leader = result.Leader,
        SkipAssignment = result.SkipAssignment,
        MemberId = result.MemberId,
        Members = [.. result.Members.Select(m => new JoinGroupResponse.JoinGroupResponseMember
        {
            MemberId = m.Id, GroupInstanceId = m.InstanceId, Metadata = m.Metadata,
        })],
    };
}
