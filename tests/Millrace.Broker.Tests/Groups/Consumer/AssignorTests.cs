using Millrace.Broker.Groups.Consumer;

namespace Millrace.Broker.Tests.Groups.Consumer;

/// <summary>The assignors alone: everything is assigned once, evenly, and little moves.</summary>
public sealed class AssignorTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 8).Select(i => new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]))];

    [Theory]
    [InlineData("uniform", 1, 7)]
    [InlineData("uniform", 3, 7)]
    [InlineData("uniform", 9, 7)]
    [InlineData("range", 3, 7)]
    [InlineData("range", 9, 7)]
    public void Numbers_differ_by_at_most_one(string assignor, int members, int partitions)
    {
        var assigned = Assignors.Assign(assignor, Problem(members, partitions));
        Assert.Equal(partitions, assigned.SelectMany(a => a).Distinct().Count());
        Assert.InRange(assigned.Max(a => a.Count) - assigned.Min(a => a.Count), 0, 1);
    }

    [Fact]
    public void Uniform_is_even_over_topics_where_range_is_not()
    {
        var problem = Problem(2, 1, 1, 1, 1);
        Assert.Equal([2, 2], Assignors.Assign("uniform", problem).Select(a => a.Count));
        Assert.Equal([4, 0], Assignors.Assign("range", problem).Select(a => a.Count));
    }

    [Fact]
    public void Range_has_the_same_partitions_of_topics_alike_together_and_in_one_piece()
    {
        var assigned = Assignors.Assign("range", Problem(3, 8, 8));
        foreach (var member in assigned)
        {
            var first = member.Where(p => p.Topic == Ids[0]).Select(p => p.Partition).Order().ToList();
            Assert.Equal(first, member.Where(p => p.Topic == Ids[1]).Select(p => p.Partition).Order());
            Assert.Equal(Enumerable.Range(first[0], first.Count), first);
        }

        Assert.Equal([3, 3, 2], assigned.Select(a => a.Count / 2));
    }

    [Fact]
    public void Range_keeps_static_members_in_the_order_of_their_instances()
    {
        AssignmentMember Member(string id, string? instance) => new(id, instance, new HashSet<Guid> { Ids[0] }, new HashSet<TopicIdPartition>());
        var topics = new Dictionary<Guid, int> { [Ids[0]] = 3 };
        var assigned = Assignors.Assign("range", new([Member("0", null), Member("x", "2"), Member("y", "1")], topics));
        var restarted = Assignors.Assign("range", new([Member("0", null), Member("b", "1"), Member("z", "2")], topics));
        Assert.Equal([2, 1, 0], assigned.Select(a => a.Single().Partition));
        Assert.Equal([2, 0, 1], restarted.Select(a => a.Single().Partition));
    }

    [Fact]
    public void Uniform_moves_only_the_surplus_to_a_new_member_and_only_the_orphans_of_one_that_left()
    {
        var problem = Problem(3, 12);
        var before = Assignors.Assign("uniform", problem);
        var more = Assignors.Assign("uniform", Problem(4, before, 12));
        for (var i = 0; i < 3; i++)
            Assert.Equal((3, 3), (more[i].Count, more[i].Intersect(before[i]).Count()));

        var fewer = Assignors.Assign("uniform", Problem(2, before, 12));
        for (var i = 0; i < 2; i++)
            Assert.Equal((6, 4), (fewer[i].Count, fewer[i].Intersect(before[i]).Count()));
    }

    [Fact]
    public void Uniform_passes_partitions_on_where_no_direct_move_makes_it_more_even()
    {
        // The first can only give to the second, who has one less, and the second only to the third, who has one less again.
        var topics = new Dictionary<Guid, int> { [Ids[0]] = 3, [Ids[1]] = 3 };
        HashSet<TopicIdPartition> Of(int topic, params int[] partitions) => [.. partitions.Select(p => new TopicIdPartition(Ids[topic], p))];
        var assigned = Assignors.Assign("uniform", new(
            [
                new("a", null, new HashSet<Guid> { Ids[0] }, Of(0, 0, 1, 2)),
                new("b", null, new HashSet<Guid> { Ids[0], Ids[1] }, Of(1, 0, 1)),
                new("c", null, new HashSet<Guid> { Ids[1] }, Of(1, 2)),
            ],
            topics));
        Assert.Equal([2, 2, 2], assigned.Select(a => a.Count));
    }

    [Fact]
    public void Uniform_is_as_even_as_any_assignment_for_random_subscriptions()
    {
        var random = new Random(848);
        for (var round = 0; round < 300; round++)
        {
            var topics = Enumerable.Range(0, random.Next(1, 4)).ToDictionary(i => Ids[i], _ => random.Next(1, 4));
            var members = new List<AssignmentMember>();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                members.Add(new AssignmentMember(
                    $"m{i}",
                    null,
                    topics.Keys.Where(_ => random.Next(2) == 0).ToHashSet(),
                    topics.SelectMany(t => Enumerable.Range(0, t.Value).Select(p => new TopicIdPartition(t.Key, p))).Where(_ => random.Next(2) == 0).ToHashSet()));
            }

            var problem = new AssignmentProblem(members, topics);
            var assigned = Assignors.Assign("uniform", problem);
            var partitions = topics.SelectMany(t => Enumerable.Range(0, t.Value).Select(p => new TopicIdPartition(t.Key, p)))
                .Where(p => members.Exists(m => m.Topics.Contains(p.Topic))).ToList();
            Assert.Equal(partitions.OrderBy(p => (p.Topic, p.Partition)), assigned.SelectMany(a => a).OrderBy(p => (p.Topic, p.Partition)));
            Assert.All(assigned.Zip(members), pair => Assert.All(pair.First, p => Assert.Contains(p.Topic, pair.Second.Topics)));
            Assert.Equal(LeastSquares(partitions, 0, new int[members.Count], members), assigned.Sum(a => a.Count * a.Count));
        }
    }

    [Fact]
    public void Uniform_is_quick_enough_for_many()
    {
        // What matters is that it ends: 400 members with one of two subscriptions each, and 4,000 partitions.
        var topics = Ids.ToDictionary(id => id, _ => 500);
        var members = Enumerable.Range(0, 400).Select(i => new AssignmentMember(
            $"{i:000}", null, Ids.Where((_, t) => i % 2 == 0 || t % 2 == 0).ToHashSet(), new HashSet<TopicIdPartition>())).ToList();
        var assigned = Assignors.Assign("uniform", new(members, topics));
        Assert.All(assigned, a => Assert.Equal(10, a.Count));
    }

    /// <summary>The sum of squares of the most even assignment, by trying all.</summary>
    private static int LeastSquares(List<TopicIdPartition> partitions, int next, int[] counts, List<AssignmentMember> members)
    {
        if (next == partitions.Count)
            return counts.Sum(c => c * c);
        var least = int.MaxValue;
        for (var i = 0; i < members.Count; i++)
        {
            if (!members[i].Topics.Contains(partitions[next].Topic))
                continue;
            counts[i]++;
            least = Math.Min(least, LeastSquares(partitions, next + 1, counts, members));
            counts[i]--;
        }

        return least;
    }

    private static AssignmentProblem Problem(int members, params int[] partitions) => Problem(members, [], partitions);

    private static AssignmentProblem Problem(int members, IReadOnlyList<HashSet<TopicIdPartition>> current, params int[] partitions)
    {
        var topics = partitions.Select((count, i) => (Ids[i], count)).ToDictionary();
        return new(
            [.. Enumerable.Range(0, members).Select(i => new AssignmentMember(
                $"m{i}", null, topics.Keys.ToHashSet(), i < current.Count ? current[i] : []))],
            topics);
    }
}
