using Millrace.Chaos.Load;

namespace Millrace.Chaos.Proof;

/// <summary>
/// What was promised against what is there.
/// <para>1. Count each event's records in the topic. 2. Find each row's event, and the record that it says it came from. 3. Event by event: acknowledged ones
/// are there, once. 4. User by user: in order. 5. Bad records against dead letters, and those against their topic. 6. The ledger against all of it.</para>
/// </summary>
internal sealed class Comparison(EventNames names, IReadOnlyList<Source> sources, TopicContents topic, DatabaseContents database)
{
    private long _doubled;
    private long _misplaced;

    public Verdict Run(IReadOnlyList<string> undrained)
    {
        // 1
        var logged = sources.Select(source => new int[source.Sent]).ToArray();
        var originals = sources.Select(source => new int[source.Sent]).ToArray();
        var badLogged = new Dictionary<string, int>();
        foreach (var record in topic.Records.SelectMany(partition => partition))
        {
            if (record.BadKey is { } key)
            {
                badLogged[key] = badLogged.GetValueOrDefault(key) + 1;
                continue;
            }

            var (source, number) = Find(record.Id) ?? throw new ChaosFailedException($"The topic holds event {record.Id}, which nobody sent.");
            logged[source][number]++;
            if (!record.IsCopy)
                originals[source][number]++;
        }

        // 2
        var places = PlaceRows();

        // 3, 4
        long acknowledged = 0, stored = 0, unacknowledged = 0, lost = 0, lostByBroker = 0, doubledByBroker = 0, outOfOrder = 0;
        foreach (var source in sources.Where(source => source.Kind != SourceKind.Bad))
        {
            for (var number = 0; number < source.Sent; number++)
            {
                var isStored = places[source.Index][number].Partition >= 0;
                if (source.IsOnceInLog)
                    doubledByBroker += Math.Max(0, originals[source.Index][number] - 1);
                if (!source.IsAcknowledged(number))
                {
                    unacknowledged += isStored ? 1 : 0;
                    continue;
                }

                acknowledged++;
                stored += isStored ? 1 : 0;
                lost += isStored ? 0 : 1;
                lostByBroker += logged[source.Index][number] == 0 ? 1 : 0;
            }

            if (source.IsOrdered)
                outOfOrder += CountOutOfOrder(source, places[source.Index]);
        }

        // 5
        var bad = sources.Where(source => source.Kind == SourceKind.Bad).ToList();
        var deadByKey = database.DeadLetters.GroupBy(letter => letter.Key).ToDictionary(group => group.Key, group => group.Count());
        var sentBad = bad.SelectMany(source => Enumerable.Range(0, (int)source.Sent).Select(number => (Key: source.KeyOf(number), IsAcknowledged: source.IsAcknowledged(number)))).ToList();
        _misplaced += database.DeadLetters.Count(letter => At(letter.Partition, letter.Offset)?.BadKey != letter.Key);
        doubledByBroker += badLogged.Values.Sum(count => count - 1);

        // 6
        var ends = topic.Records.Select(partition => (long)partition.Count).ToList();
        return new Verdict
        {
            Acknowledged = acknowledged,
            Stored = stored,
            StoredUnacknowledged = unacknowledged,
            BadAcknowledged = sentBad.Count(record => record.IsAcknowledged),
            DeadLetters = database.DeadLetters.Count,
            Records = ends.Sum(),
            Flushes = database.Ledger.Count,
            Lost = lost,
            Doubled = _doubled,
            OutOfOrder = outOfOrder,
            LostByBroker = lostByBroker + sentBad.Count(record => record.IsAcknowledged && !badLogged.ContainsKey(record.Key)),
            DoubledByBroker = doubledByBroker,
            Misplaced = _misplaced,
            DeadLettersLost = sentBad.Count(record => record.IsAcknowledged && !deadByKey.ContainsKey(record.Key)),
            DeadLettersDoubled = deadByKey.Values.Sum(count => count - 1),
            DeadLettersNotRelayed = database.DeadLetters.Select(letter => letter.Id).Except(topic.DeadLetters.Select(record => record.Id)).Count(),
            RelayedWrongly = CountRelayedWrongly(bad),
            LedgerDifferences = LedgerComparison.Differences(database, ends),
            Undrained = undrained,
        };
    }

    /// <summary>Where the table says that each event stood, by source and number; partition -1 when it has no row.</summary>
    private (int Partition, long Offset)[][] PlaceRows()
    {
        var places = sources.Select(source => Enumerable.Repeat((Partition: -1, Offset: -1L), (int)source.Sent).ToArray()).ToArray();
        foreach (var row in database.Events)
        {
            if (At(row.Partition, row.Offset)?.Id != row.Id)
                _misplaced++;
            if (Find(row.Id) is not { } found)
                continue; // Counted just now: the topic holds no such event.
            ref var place = ref places[found.Source][found.Number];
            if (place.Partition >= 0)
                _doubled++;
            place = (row.Partition, row.Offset);
        }

        return places;
    }

    /// <summary>Events of a user that have a row, in the order in which they were sent, must stand in one partition and in that order.</summary>
    private static long CountOutOfOrder(Source source, (int Partition, long Offset)[] places)
    {
        var count = 0L;
        for (var user = 0; user < source.Users; user++)
        {
            var last = (Partition: -1, Offset: -1L);
            for (var number = user; number < places.Length; number += source.Users)
            {
                var place = places[number];
                if (place.Partition < 0)
                    continue;
                if (last.Partition >= 0 && (place.Partition != last.Partition || place.Offset <= last.Offset))
                    count++;
                last = place;
            }
        }

        return count;
    }

    private int CountRelayedWrongly(IEnumerable<Source> bad)
    {
        var letters = database.DeadLetters.ToDictionary(letter => letter.Id);
        var values = bad.SelectMany(source => Enumerable.Range(0, (int)source.Sent).Select(number => (Key: source.KeyOf(number), Value: source.ValueOf(number))))
            .ToDictionary(record => record.Key, record => record.Value);
        return topic.DeadLetters.Count(record =>
            !letters.TryGetValue(record.Id, out var letter) || letter != new DeadRecord(record.Id, record.Key, record.Partition, record.Offset)
            || !values.TryGetValue(record.Key, out var value) || !value.AsSpan().SequenceEqual(record.Value));
    }

    private (int Source, int Number)? Find(Guid id) =>
        names.TryParse(id, out var source, out var number) && source < sources.Count && number < sources[source].Sent ? (source, (int)number) : null;

    private LoggedRecord? At(int partition, long offset) =>
        partition < topic.Records.Count && offset >= 0 && offset < topic.Records[partition].Count ? topic.Records[partition][(int)offset] : null;
}
