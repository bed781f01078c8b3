namespace Millrace.Broker.Groups.Consumer;

/// <summary>Who reads which topics, and how many partitions these have: what an assignor is given.</summary>
/// <param name="Members">In the order of their ids, so that the same problem always has the same solution.</param>
/// <param name="Topics">Partitions by the id of the topic; every topic that some member reads and that is there.</param>
internal sealed record AssignmentProblem(IReadOnlyList<AssignmentMember> Members, IReadOnlyDictionary<Guid, int> Topics);

/// <param name="Topics">The topics that it reads; all of them are in the problem.</param>
/// <param name="Current">What it was to have before; some of it may not be there any more.</param>
internal sealed record AssignmentMember(string Id, string? InstanceId, IReadOnlySet<Guid> Topics, IReadOnlySet<TopicIdPartition> Current);
