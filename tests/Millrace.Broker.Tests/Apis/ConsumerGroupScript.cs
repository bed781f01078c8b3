using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Apis;

/// <summary>
/// Asks one broker everything about groups of the new protocol that has an answer of its own, step by step, and writes the answers down as
/// lines that do not depend on which broker gave them: topics by name, partitions by number of them where an assignor may choose.
/// </summary>
internal sealed class ConsumerGroupScript(WireClient client)
{
    private readonly Dictionary<Guid, string> _topics = [];
    private readonly Dictionary<string, List<ConsumerGroupHeartbeatResponse.AssignedPartitions>> _assigned = [];

    public List<string> Lines { get; } = [];

    public async Task RunAsync()
    {
        await WaitForCoordinatorAsync();
        await AddTopicAsync("t", 3);
        await AddTopicAsync("u", 1);
        await RefusedRequestsAsync();
        await LifeOfAGroupAsync();
        await OffsetsAsync();
        await StaticMembersAsync();
        await SubscriptionsAsync();
        await OtherProtocolAsync();
        await AdministrationAsync();
    }

    private async Task RefusedRequestsAsync()
    {
        await SendAsync("no member id", Join("refused", ""));
        await SendAsync("no group id", Join("", "m"));
        await SendAsync("blank group id", Join(" ", "m"));
        await SendAsync("empty instance id", Join("refused", "m", r => r.InstanceId = ""));
        await SendAsync("empty rack id", Join("refused", "m", r => r.RackId = ""));
        await SendAsync("no rebalance timeout", Join("refused", "m", r => r.RebalanceTimeoutMs = -1));
        await SendAsync("no subscription", Join("refused", "m", r => r.SubscribedTopicNames = null));
        await SendAsync("partitions not said", Join("refused", "m", r => r.TopicPartitions = null));
        await SendAsync("partitions owned", Join("refused", "m", r => r.TopicPartitions = [Owned("t", 0)]));
        await SendAsync("impossible epoch", Join("refused", "m", r => r.MemberEpoch = -3));
        await SendAsync("static leave without instance", new() { GroupId = "refused", MemberId = "m", MemberEpoch = -2 });
        await SendAsync("unknown assignor", Join("refused", "m", r => r.ServerAssignor = "best"));
        await SendAsync("expression that is none", Join("refused", "m", r => (r.SubscribedTopicNames, r.SubscribedTopicRegex) = (null, "(")));
        await SendAsync("leave of no group", new() { GroupId = "no-such-group", MemberId = "m", MemberEpoch = -1 });
        await SendAsync("version 0 without member id is given one", Join("given", ""), version: 0);
        await SendAsync("empty expression", Join("nothing", "m", r => (r.SubscribedTopicNames, r.SubscribedTopicRegex) = (null, "")));
        await SendAsync("empty list of topics", Join("nothing", "m2", r => r.SubscribedTopicNames = []));
        await SendAsync("topic that is not there", Join("nothing", "m3", r => r.SubscribedTopicNames = ["no-such-topic"]));
    }

    private async Task LifeOfAGroupAsync()
    {
        await SendAsync("first member", Join("g", "m1"));
        await SendAsync("first member joins again", Join("g", "m1"));
        await SendAsync("nothing new", Beat("g", "m1", 2));
        await SendAsync("owns what it has", Beat("g", "m1", 2, OwnedBy("m1")));
        await SendAsync("everything said again", Join("g", "m1", r => (r.MemberEpoch, r.TopicPartitions) = (2, OwnedBy("m1"))));
        await DescribeAsync("one member", "g");
        await SendAsync("epoch from the future", Beat("g", "m1", 7));
        await SendAsync("member that is not there", Beat("g", "nobody", 1));
        await SendAsync("second member", Join("g", "m2"));
        await DescribeAsync("second has to wait", "g");
        await SendAsync("first is told to give up", Beat("g", "m1", 2));
        await SendAsync("second still waits", Beat("g", "m2", 3));
        await DescribeAsync("first gives up", "g");
        await SendAsync("first still has all", Beat("g", "m1", 2, [Owned("t", 0, 1, 2)]));
        await SendAsync("first has given up", Beat("g", "m1", 2, OwnedBy("m1")));
        await SendAsync("first asks once more, its answer was lost", Beat("g", "m1", 2, OwnedBy("m1")));
        await SendAsync("first asks once more and owns too much", Beat("g", "m1", 2, [Owned("t", 0, 1, 2)]));
        await SendAsync("first does not say what it owns", Beat("g", "m1", 2));
        await DescribeAsync("free, and not yet fetched", "g");
        await SendAsync("second gets it", Beat("g", "m2", 3));
        await SendAsync("second has it", Beat("g", "m2", 3, OwnedBy("m2")));
        await DescribeAsync("both have theirs", "g");
        await SendAsync("joins again although it is there", Join("g", "m1"));
        await SendAsync("other assignor alone", Beat("g", "m1", 3, change: r => r.ServerAssignor = "range"));
        await SendAsync("other rack alone", Beat("g", "m1", 3, change: r => r.RackId = "r1"));
        await DescribeAsync("nothing has moved", "g");
        await SendAsync("other topics", Beat("g", "m1", 3, change: r => r.SubscribedTopicNames = ["t", "u"]));
        await DescribeAsync("other topics, other epoch", "g");
        await SendAsync("leaves", Beat("g", "m2", -1));
        await DescribeAsync("one has left", "g");
        await SendAsync("after leaving", Beat("g", "m2", 3));
        await SendAsync("gets what is free", Beat("g", "m1", 4));
        await SendAsync("leaves too", Beat("g", "m1", -1));
        await DescribeAsync("empty", "g");
        await SendAsync("comes back", Join("g", "m1"));
        await SendAsync("leaves again", Beat("g", "m1", -1));
    }

    private async Task OffsetsAsync()
    {
        await SendAsync("committer", Join("offsets", "m1"));
        await CommitAsync("as member", "offsets", "m1", 2);
        await CommitAsync("with an epoch that is not its", "offsets", "m1", 4);
        await CommitAsync("with an epoch before", "offsets", "m1", 1);
        await CommitAsync("as somebody else", "offsets", "nobody", 2);
        await CommitAsync("without membership", "offsets", "", -1);
        await CommitAsync("by an old client", "offsets", "m1", 2, version: 8);
        await SendAsync("another topic, another epoch", Beat("offsets", "m1", 2, OwnedBy("m1"), r => r.SubscribedTopicNames = ["t", "u"]));
        await CommitAsync("with the epoch in which it got the partition", "offsets", "m1", 2);
        await FetchAsync("with the epoch in which it got the partition", "offsets", "m1", 2);
        await CommitAsync("from before that", "offsets", "m1", 1);
        await FetchAsync("as member", "offsets", "m1", 3);
        await FetchAsync("with an epoch that is not its", "offsets", "m1", 4);
        await FetchAsync("as somebody else", "offsets", "nobody", 2);
        await FetchAsync("without membership", "offsets", null, -1);
        await SendAsync("committer leaves", Beat("offsets", "m1", -1));
        await CommitAsync("after leaving", "offsets", "m1", 3);
        await CommitAsync("of an empty group", "offsets", "", -1);
        await FetchAsync("after leaving", "offsets", "m1", 3);
    }

    private async Task StaticMembersAsync()
    {
        await SendAsync("static member", Join("static", "s1", r => r.InstanceId = "i1"));
        await SendAsync("the same instance while it is there", Join("static", "s2", r => r.InstanceId = "i1"));
        await SendAsync("the same member once more", Join("static", "s1", r => r.InstanceId = "i1"));
        await SendAsync("beat with instance", Beat("static", "s1", 2, change: r => r.InstanceId = "i1"));
        await SendAsync("beat of another with the instance", Beat("static", "s2", 2, change: r => r.InstanceId = "i1"));
        await SendAsync("beat with an instance that is not there", Beat("static", "s1", 2, change: r => r.InstanceId = "i9"));
        await SendAsync("temporary leave of another", Beat("static", "s2", -2, change: r => r.InstanceId = "i1"));
        await SendAsync("second static member", Join("static", "s3", r => r.InstanceId = "i3"));
        await SendAsync("first gives up", Beat("static", "s1", 2));
        await SendAsync("first has given up", Beat("static", "s1", 2, OwnedBy("s1")));
        await SendAsync("second gets it", Beat("static", "s3", 3));
        await SendAsync("temporary leave", Beat("static", "s1", -2, change: r => r.InstanceId = "i1"));
        await DescribeAsync("away for a moment", "static");
        await SendAsync("beat of who is away", Beat("static", "s1", 3, change: r => r.InstanceId = "i1"));
        await SendAsync("comes back under another id", Join("static", "s4", r => r.InstanceId = "i1"));
        await DescribeAsync("back again", "static");
        await SendAsync("the old id", Beat("static", "s1", 3, change: r => r.InstanceId = "i1"));
        await SendAsync("leaves for good", Beat("static", "s4", -1, change: r => r.InstanceId = "i1"));
        await SendAsync("the other leaves", Beat("static", "s3", -1, change: r => r.InstanceId = "i3"));
    }

    private async Task SubscriptionsAsync()
    {
        await SendAsync("reader of what grows", Join("grows", "m1", r => r.SubscribedTopicNames = ["grown", "born"]));
        await AddTopicAsync("grown", 1);
        await UntilAssignedAsync("topic that was born", "grows", "m1", 1);
        await client.CallAsync<CreatePartitionsRequest, CreatePartitionsResponse>(
            new() { TimeoutMs = 10_000, Topics = [new() { Name = "grown", Count = 4, Assignments = null }] }, 3);
        await UntilAssignedAsync("partitions that came", "grows", "m1", 4);
        // Kafka looks for topics after it has answered.
        await BeatAsync(Join("regex", "m1", r => (r.SubscribedTopicNames, r.SubscribedTopicRegex) = (null, "gro.*")), 1);
        await UntilAssignedAsync("topic of the expression", "regex", "m1", 4);
        await SendAsync("names besides", Beat("regex", "m1", _epochs["m1"], change: r => r.SubscribedTopicNames = ["u"]));
        await UntilAssignedAsync("topics of both", "regex", "m1", 5);
        await SendAsync("reader of what goes", Join("goes", "m1", r => r.SubscribedTopicNames = ["grown", "u"]));
        await UntilAssignedAsync("topics that are there", "goes", "m1", 5);
        await client.CallAsync<DeleteTopicsRequest, DeleteTopicsResponse>(new() { TimeoutMs = 10_000, Topics = [new() { Name = "grown" }] }, 6);
        await UntilAssignedAsync("topic that is gone", "goes", "m1", 1);
        foreach (var group in new[] { "grows", "regex", "goes" })
            await SendAsync($"{group} ends", Beat(group, "m1", -1));
    }

    private async Task OtherProtocolAsync()
    {
        var joined = await JoinClassicAsync("first classic member", "classic");
        await DescribeAsync("classic group", "classic");
        await LeaveClassicAsync("classic member leaves", "classic", joined, null);
        await SendAsync("new protocol in what was a classic group", Join("classic", "m1"));
        await ListAsync("now a new group");
        await SendAsync("leaves it", Beat("classic", "m1", -1));
        joined = await JoinClassicAsync("classic again", "classic");
        await LeaveClassicAsync("classic member leaves again", "classic", joined, null);
        await SendAsync("modern member", Join("modern", "m1", r => r.InstanceId = "i1"));
        var beat = await client.CallAsync<HeartbeatRequest, HeartbeatResponse>(new() { GroupId = "modern", MemberId = "m1", GenerationId = 1 }, 4);
        Lines.Add($"classic heartbeat: {beat.ErrorCode}");
        var sync = await client.CallAsync<SyncGroupRequest, SyncGroupResponse>(new() { GroupId = "modern", MemberId = "m1", GenerationId = 1 }, 5);
        Lines.Add($"classic sync: {sync.ErrorCode}");
        await LeaveClassicAsync("classic leave by id", "modern", "m1", null);
        await LeaveClassicAsync("classic leave of nobody", "modern", "nobody", null);
        await LeaveClassicAsync("classic leave by instance", "modern", "", "i1");
    }

    private async Task AdministrationAsync()
    {
        await SendAsync("managed", Join("managed", "m1"));
        await CommitAsync("managed", "managed", "m1", 2);
        await ListAsync("no filter");
        await ListAsync("type consumer", types: ["Consumer"]);
        await ListAsync("type classic", types: ["classic"]);
        await ListAsync("state stable", states: ["stable"]);
        await ListAsync("state empty, type consumer", states: ["Empty"], types: ["consumer"]);
        await ListAsync("type unknown", types: ["best"]);
        await DescribeClassicAsync("managed");
        await DescribeClassicAsync("no-such-group");
        await DescribeAsync("none", "no-such-group");
        await DescribeAsync("no id", "");
        await DescribeAsync("no version 1", "managed", version: 0);
        await DeleteOffsetsAsync("subscribed", "managed", "t");
        await DeleteOffsetsAsync("not subscribed", "managed", "u");
        await DeleteAsync("managed");
        await SendAsync("unmanaged", Beat("managed", "m1", -1));
        await DeleteOffsetsAsync("not any more", "managed", "t");
        await DeleteAsync("managed");
        await DeleteAsync("managed");
        await DescribeAsync("deleted", "managed");
        await SendAsync("anew", Join("managed", "m1"));
        await SendAsync("anew leaves", Beat("managed", "m1", -1));
    }

    private readonly Dictionary<string, int> _epochs = [];

    private ConsumerGroupHeartbeatRequest Join(string group, string member, Action<ConsumerGroupHeartbeatRequest>? change = null)
    {
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = group,
            MemberId = member,
            RebalanceTimeoutMs = 60_000,
            SubscribedTopicNames = ["t"],
            TopicPartitions = [],
        };
        change?.Invoke(request);
        return request;
    }

    private static ConsumerGroupHeartbeatRequest Beat(
        string group, string member, int epoch, List<ConsumerGroupHeartbeatRequest.OwnedPartitions>? owned = null, Action<ConsumerGroupHeartbeatRequest>? change = null)
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = group, MemberId = member, MemberEpoch = epoch, TopicPartitions = owned };
        change?.Invoke(request);
        return request;
    }

    private ConsumerGroupHeartbeatRequest.OwnedPartitions Owned(string topic, params int[] partitions) =>
        new() { TopicId = _topics.Single(t => t.Value == topic).Key, Partitions = [.. partitions] };

    private List<ConsumerGroupHeartbeatRequest.OwnedPartitions> OwnedBy(string member) =>
        [.. _assigned[member].Select(t => new ConsumerGroupHeartbeatRequest.OwnedPartitions { TopicId = t.TopicId, Partitions = [.. t.Partitions] })];

    private async Task<ConsumerGroupHeartbeatResponse> SendAsync(string what, ConsumerGroupHeartbeatRequest request, short version = 1)
    {
        var response = await BeatAsync(request, version);
        var member = version == 0 && response.MemberId is { Length: > 0 } ? "given" : response.MemberId;
        // What is wrong with a regular expression its library says.
        var message = response.ErrorCode is ErrorCode.InvalidRegularExpression ? response.ErrorMessage!.Split(": ")[0].TrimEnd('.') : response.ErrorMessage;
        var assignment = response.Assignment is null ? "unchanged" : Text(response.Assignment.TopicPartitions.Select(t => (_topics[t.TopicId], t.Partitions.Count)));
        Lines.Add($"{what}: {response.ErrorCode} | {message} | {member} | epoch {response.MemberEpoch} | every {response.HeartbeatIntervalMs} | {assignment}");
        return response;
    }

    private async Task<ConsumerGroupHeartbeatResponse> BeatAsync(ConsumerGroupHeartbeatRequest request, short version)
    {
        var response = await client.CallAsync<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(request, version);
        if (response.ErrorCode is ErrorCode.None)
            _epochs[request.MemberId] = response.MemberEpoch;
        if (response.Assignment is not null)
            _assigned[request.MemberId] = response.Assignment.TopicPartitions;
        return response;
    }

    /// <summary>A broker may notice a topic some time after it is there.</summary>
    private async Task UntilAssignedAsync(string what, string group, string member, int partitions)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await BeatAsync(Beat(group, member, _epochs[member], OwnedBy(member)), 1);
                return _assigned[member].Sum(t => t.Partitions.Count) == partitions;
            },
            what);
        Lines.Add($"{what}: {Text(_assigned[member].Select(t => (_topics[t.TopicId], t.Partitions.Count)))}");
    }

    private async Task DescribeAsync(string what, string group, short version = 1)
    {
        var response = await client.CallAsync<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>(new() { GroupIds = [group] }, version);
        var g = Assert.Single(response.Groups);
        Lines.Add(
            $"describe, {what}: {g.ErrorCode} | {g.ErrorMessage} | {g.GroupId} | {g.GroupState} | epochs {g.GroupEpoch} {g.AssignmentEpoch} | {g.AssignorName} | {g.AuthorizedOperations}");
        foreach (var m in g.Members.OrderBy(m => m.MemberId, StringComparer.Ordinal))
        {
            Lines.Add(
                $"    {m.MemberId} | {m.InstanceId} | {m.RackId} | epoch {m.MemberEpoch} | {m.ClientId} | {m.ClientHost} | {string.Join(',', m.SubscribedTopicNames.Order())} | "
                + $"{m.SubscribedTopicRegex ?? "null"} | type {m.MemberType} | has {Text(m.Assignment.TopicPartitions.Select(t => (t.TopicName, t.Partitions.Count)))}"
                + $" | is to have {Text(m.TargetAssignment.TopicPartitions.Select(t => (t.TopicName, t.Partitions.Count)))}");
        }
    }

    private async Task DescribeClassicAsync(string group)
    {
        foreach (short version in new short[] { 5, 6 })
        {
            var response = await client.CallAsync<DescribeGroupsRequest, DescribeGroupsResponse>(new() { Groups = [group] }, version);
            var g = Assert.Single(response.Groups);
            Lines.Add($"classic describe {version} of {group}: {g.ErrorCode} | {g.ErrorMessage} | {g.GroupState} | {g.ProtocolType} | {g.Members.Count}");
        }
    }

    private async Task ListAsync(string what, string[]? states = null, string[]? types = null)
    {
        var response = await client.CallAsync<ListGroupsRequest, ListGroupsResponse>(new() { StatesFilter = [.. states ?? []], TypesFilter = [.. types ?? []] }, 5);
        Lines.Add($"list, {what}: {response.ErrorCode}");
        foreach (var g in response.Groups.OrderBy(g => g.GroupId, StringComparer.Ordinal))
            Lines.Add($"    {g.GroupId} | {g.GroupState} | {g.GroupType} | {g.ProtocolType}");
    }

    private async Task CommitAsync(string what, string group, string member, int epoch, short version = 9) =>
        Lines.Add($"commit, {what}: {await GroupApisTests.CommitAsync(client, group, "t", 5, member, epoch, version)}");

    private async Task FetchAsync(string what, string group, string? member, int epoch)
    {
        var response = await client.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(
            new() { Groups = [new() { GroupId = group, MemberId = member, MemberEpoch = epoch, Topics = [new() { Name = "t", PartitionIndexes = [0, 1] }] }] }, 9);
        var offsets = response.Groups[0].Topics.SelectMany(t => t.Partitions).Select(p => $"{p.CommittedOffset} {p.ErrorCode}");
        Lines.Add($"fetch, {what}: {response.Groups[0].ErrorCode} | {string.Join(", ", offsets)}");
    }

    private async Task<string> JoinClassicAsync(string what, string group)
    {
        var request = new JoinGroupRequest
        {
            GroupId = group,
            SessionTimeoutMs = 45_000,
            RebalanceTimeoutMs = 60_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range", Metadata = Convert.FromHexString("0000" + "00000001" + "000174" + "FFFFFFFF") }],
        };
        var response = await client.CallAsync<JoinGroupRequest, JoinGroupResponse>(request, 3);
        Lines.Add($"{what}: {response.ErrorCode}");
        return response.MemberId;
    }

    private async Task LeaveClassicAsync(string what, string group, string member, string? instance)
    {
        var response = await client.CallAsync<LeaveGroupRequest, LeaveGroupResponse>(
            new() { GroupId = group, Members = [new() { MemberId = member, GroupInstanceId = instance }] }, 5);
        Lines.Add($"{what}: {response.ErrorCode} {string.Join(',', response.Members.Select(m => m.ErrorCode))}");
    }

    private async Task DeleteAsync(string group)
    {
        var response = await client.CallAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [group] }, 2);
        Lines.Add($"delete {group}: {response.Results[0].ErrorCode}");
    }

    private async Task DeleteOffsetsAsync(string what, string group, string topic)
    {
        var response = await client.CallAsync<OffsetDeleteRequest, OffsetDeleteResponse>(
            new() { GroupId = group, Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0 }] }] }, 0);
        Lines.Add($"delete offsets, {what}: {response.ErrorCode} {string.Join(',', response.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode))}");
    }

    private async Task AddTopicAsync(string name, int partitions)
    {
        _topics[await client.CreateTopicAsync(name, partitions)] = name;
        await Eventually.TrueAsync(
            async () =>
            {
                var response = await client.CallAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = name }] }, 12);
                return response.Topics[0].Partitions.Count == partitions && response.Topics[0].Partitions.TrueForAll(p => p.LeaderId >= 0);
            },
            $"the topic {name} is known");
    }

    private Task WaitForCoordinatorAsync() => Eventually.TrueAsync(
        async () =>
        {
            var found = await client.CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { CoordinatorKeys = ["g"] }, 6);
            var listed = await client.CallAsync<ListGroupsRequest, ListGroupsResponse>(new(), 5);
            return (found.Coordinators[0].ErrorCode, listed.ErrorCode) is (ErrorCode.None, ErrorCode.None);
        },
        "the broker coordinates groups");

    private static string Text(IEnumerable<(string Topic, int Partitions)> assigned) =>
        "{" + string.Join(' ', assigned.Where(a => a.Partitions > 0).OrderBy(a => a.Topic, StringComparer.Ordinal).Select(a => $"{a.Topic}:{a.Partitions}")) + "}";
}
