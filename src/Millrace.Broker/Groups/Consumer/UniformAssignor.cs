namespace Millrace.Broker.Groups.Consumer;

/// <summary>
/// As even as the subscriptions allow, and with as little change as that takes, in three steps:
/// 1. everybody keeps what it has and still reads;
/// 2. what nobody has goes to the reader with the fewest partitions, topics with few readers first;
/// 3. whoever has at least two more than somebody who could take one gives one, directly or over others who pass one on, until there is
/// nobody such.
/// <para>When no such path is left, no other assignment is more even: this is the optimality of semi-matchings (Harvey, Ladner, Lovász,
/// Tamir). With the same subscriptions for all the numbers differ by at most one, and only the surplus has moved.</para>
/// </summary>
internal sealed class UniformAssignor
{
    private readonly AssignmentProblem _problem;
    private readonly Reader[] _readers;
    private readonly Dictionary<Guid, List<Reader>> _readersOf = [];

    private UniformAssignor(AssignmentProblem problem)
    {
        _problem = problem;
        _readers = [.. problem.Members.Select((m, i) => new Reader(i, m))];
        foreach (var topic in problem.Topics.Keys)
            _readersOf[topic] = [.. _readers.Where(r => r.Member.Topics.Contains(topic))];
    }

    public static IReadOnlyList<HashSet<TopicIdPartition>> Assign(AssignmentProblem problem)
    {
        var assignor = new UniformAssignor(problem);
        assignor.DealOut(assignor.Keep());
        assignor.Balance();
        return [.. assignor._readers.Select(r => r.ToSet())];
    }

    private HashSet<TopicIdPartition> Keep()
    {
        var taken = new HashSet<TopicIdPartition>();
        foreach (var reader in _readers)
        {
            foreach (var partition in reader.Member.Current)
            {
                if (reader.Member.Topics.Contains(partition.Topic) && partition.Partition < _problem.Topics[partition.Topic] && taken.Add(partition))
                    reader.Take(partition);
            }
        }

        return taken;
    }

    private void DealOut(HashSet<TopicIdPartition> taken)
    {
        foreach (var (topic, readers) in _readersOf.Where(t => t.Value.Count > 0).OrderBy(t => t.Value.Count).ThenBy(t => t.Key))
        {
            var byLoad = new PriorityQueue<Reader, (int Load, int Index)>(readers.Select(r => (r, (r.Load, r.Index))));
            for (var i = 0; i < _problem.Topics[topic]; i++)
            {
                var partition = new TopicIdPartition(topic, i);
                if (taken.Contains(partition))
                    continue;
                var least = byLoad.Dequeue();
                least.Take(partition);
                byLoad.Enqueue(least, (least.Load, least.Index));
            }
        }
    }

    /// <summary>From the fullest down. One that nobody can relieve stays so: whom it reaches is as full as it, and reached by nobody less full.</summary>
    private void Balance()
    {
        var byLoad = new PriorityQueue<(Reader Reader, int Load), (int, int)>();
        foreach (var reader in _readers)
            Enqueue(reader);
        while (byLoad.TryDequeue(out var fullest, out _))
        {
            // Another entry of this reader has its number of now.
            if (fullest.Reader.Load != fullest.Load || Relieve(fullest.Reader) is not { } relief)
                continue;
            Enqueue(fullest.Reader);
            Enqueue(relief);
        }

        void Enqueue(Reader reader) => byLoad.Enqueue((reader, reader.Load), (-reader.Load, reader.Index));
    }

    /// <summary>Moves one partition along the shortest path to the emptiest reader there who has at least two fewer.</summary>
    /// <returns>That reader; null when there is none.</returns>
    private Reader? Relieve(Reader from)
    {
        var cameFrom = new Dictionary<Reader, (Reader Giver, Guid Topic)> { [from] = default };
        var seenTopics = new HashSet<Guid>();
        List<Reader> level = [from];
        while (level.Count > 0)
        {
            List<Reader> next = [];
            foreach (var giver in level)
            {
                foreach (var topic in giver.TopicsWithPartitions.Where(seenTopics.Add))
                    next.AddRange(_readersOf[topic].Where(taker => cameFrom.TryAdd(taker, (giver, topic))));
            }

            if (next.MinBy(r => (r.Load, r.Index)) is { } emptiest && emptiest.Load <= from.Load - 2)
            {
                for (var taker = emptiest; taker != from; taker = cameFrom[taker].Giver)
                    taker.Take(cameFrom[taker].Giver.Give(cameFrom[taker].Topic));
                return emptiest;
            }

            level = next;
        }

        return null;
    }

    private sealed class Reader(int index, AssignmentMember member)
    {
        private readonly Dictionary<Guid, SortedSet<int>> _partitions = [];

        public int Index { get; } = index;

        public AssignmentMember Member { get; } = member;

        public int Load { get; private set; }

        public IEnumerable<Guid> TopicsWithPartitions => _partitions.Where(t => t.Value.Count > 0).Select(t => t.Key).Order();

        public void Take(TopicIdPartition partition)
        {
            if (!_partitions.TryGetValue(partition.Topic, out var partitions))
                _partitions[partition.Topic] = partitions = [];
            partitions.Add(partition.Partition);
            Load++;
        }

        /// <summary>Rather one that it did not have before.</summary>
        public TopicIdPartition Give(Guid topic)
        {
            var partitions = _partitions[topic];
            var given = partitions.Reverse().Select(p => new TopicIdPartition(topic, p)).FirstOrDefault(
                p => !Member.Current.Contains(p), new TopicIdPartition(topic, partitions.Max));
            partitions.Remove(given.Partition);
            Load--;
            return given;
        }

        public HashSet<TopicIdPartition> ToSet() =>
            [.. _partitions.SelectMany(t => t.Value.Select(p => new TopicIdPartition(t.Key, p)))];
    }
}
