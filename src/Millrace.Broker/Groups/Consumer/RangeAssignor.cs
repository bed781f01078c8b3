namespace Millrace.Broker.Groups.Consumer;

/// <summary>
/// Contiguous ranges of each topic, in the same order of members for every topic: topics with equally many partitions that the same members
/// read have the same partitions at the same member. Static members come first, by instance, so that a restart moves nothing.
/// </summary>
internal static class RangeAssignor
{
    public static IReadOnlyList<HashSet<TopicIdPartition>> Assign(AssignmentProblem problem)
    {
        var assigned = problem.Members.Select(_ => new HashSet<TopicIdPartition>()).ToList();
        var order = Enumerable.Range(0, problem.Members.Count)
            .OrderBy(i => problem.Members[i].InstanceId is null)
            .ThenBy(i => problem.Members[i].InstanceId ?? problem.Members[i].Id, StringComparer.Ordinal)
            .ToList();
        foreach (var (topic, count) in problem.Topics)
        {
            var readers = order.FindAll(i => problem.Members[i].Topics.Contains(topic));
            if (readers.Count == 0)
                continue;

            var (share, more) = Math.DivRem(count, readers.Count);
            var next = 0;
            for (var i = 0; i < readers.Count; i++)
            {
                for (var left = share + (i < more ? 1 : 0); left > 0; left--)
                    assigned[readers[i]].Add(new TopicIdPartition(topic, next++));
            }
        }

        return assigned;
    }
}
