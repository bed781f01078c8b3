using System.Diagnostics.CodeAnalysis;

namespace Millrace.Pipeline.Parking;

/// <summary>
/// Which users of a partition are parked, how many events wait for each, and when the next attempt is due: what the tables say, in memory,
/// so that asking costs nothing while nobody is parked. Only the lane uses it; other threads read <see cref="Events"/>.
/// </summary>
internal sealed class ParkedUsers(ParkingOptions options, TimeProvider time)
{
    // How soon it is noticed that a person asked for an attempt now; costs nothing while nobody is parked.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<byte[], Parked> _users = new(Utf8Comparer.Instance);

    // The users of the events that were added since the last commit, one entry for each event.
    private readonly List<byte[]> _uncommitted = [];
    private int _events;
    private long _earliest = long.MaxValue;
    private long _looked;

    public bool IsEmpty => _users.Count == 0;

    /// <summary>How many events wait. From any thread.</summary>
    public int Events => Volatile.Read(ref _events);

    /// <summary>A mark to which <see cref="RollBackTo"/> can return.</summary>
    public int Mark => _uncommitted.Count;

    public bool Contains(ReadOnlySpan<byte> user) => _users.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(user);

    /// <summary>One more event waits for the user, which parks it if it is not parked; false when as many wait as may.</summary>
    public bool TryAdd(ReadOnlySpan<byte> user)
    {
        if (_events >= options.MaxEvents)
            return false;
        if (!_users.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(user, out var key, out var parked))
        {
            key = user.ToArray();
            parked = new Parked { Due = After(options.RetryDelays[0]) };
            _users.Add(key, parked);
            _earliest = Math.Min(_earliest, parked.Due);
        }
        else if (parked.Events >= options.MaxEventsPerUser)
        {
            return false;
        }

        parked.Events++;
        Volatile.Write(ref _events, _events + 1);
        _uncommitted.Add(key);
        return true;
    }

    /// <summary>What was added is in the tables.</summary>
    public void Commit() => _uncommitted.Clear();

    /// <summary>Takes back what was added since the mark, because the transaction that was to write it did not go through.</summary>
    public void RollBackTo(int mark)
    {
        for (var i = _uncommitted.Count - 1; i >= mark; i--)
        {
            var user = _uncommitted[i];
            Volatile.Write(ref _events, _events - 1);
            if (--_users[user].Events == 0)
                _users.Remove(user);
        }

        _uncommitted.RemoveRange(mark, _uncommitted.Count - mark);
        FindEarliest();
    }

    /// <summary>Forgets everything, to be told anew by <see cref="Set"/>.</summary>
    public void Clear()
    {
        _users.Clear();
        _uncommitted.Clear();
        Volatile.Write(ref _events, 0);
        _earliest = long.MaxValue;
    }

    /// <summary>What the tables say of one user; no events: it is not parked any more.</summary>
    public void Set(ReadOnlySpan<byte> user, int events, TimeSpan untilDue)
    {
        var users = _users.GetAlternateLookup<ReadOnlySpan<byte>>();
        var before = users.TryGetValue(user, out var parked) ? parked.Events : 0;
        if (events > 0)
            users[user] = new Parked { Events = events, Due = After(untilDue) };
        else
            users.Remove(user);
        Volatile.Write(ref _events, _events + events - before);
        FindEarliest();
    }

    /// <summary>A user whose next attempt is due, the one that has waited longest; false when none is.</summary>
    public bool TryFindDue([NotNullWhen(true)] out byte[]? user)
    {
        user = null;
        if (_earliest > time.GetTimestamp())
            return false;
        user = _users.MinBy(entry => entry.Value.Due).Key;
        return true;
    }

    /// <summary>Whether it is time to look into the tables for users whose attempt was brought forward.</summary>
    public bool ShouldLook => !IsEmpty && time.GetElapsedTime(_looked) >= LookInterval;

    /// <summary>The tables say that the attempt of these users is due now.</summary>
    public void MakeDue(IEnumerable<byte[]> users)
    {
        _looked = time.GetTimestamp();
        foreach (var user in users)
        {
            if (_users.TryGetValue(user, out var parked) && parked.Due > _looked)
                _users[user] = new Parked { Events = parked.Events, Due = _looked };
        }

        FindEarliest();
    }

    /// <summary>How long to wait for the next attempt that is due, or for the next look; null when nobody is parked.</summary>
    public TimeSpan? UntilDue()
    {
        if (_earliest == long.MaxValue)
            return null;
        var left = time.GetElapsedTime(time.GetTimestamp(), _earliest);
        return TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, LookInterval.Ticks));
    }

    private void FindEarliest() => _earliest = _users.Count == 0 ? long.MaxValue : _users.Values.Min(parked => parked.Due);

    private long After(TimeSpan delay) => time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);

    private sealed class Parked
    {
        public int Events { get; set; }

        public long Due { get; init; }
    }

    /// <summary>Looks a user up by its bytes in a record, without making a string of them.</summary>
    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Comparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] user) => GetHashCode(user.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Seeded for each process: users come from outside.
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
