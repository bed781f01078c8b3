using System.Text;

namespace Millrace.Chaos.Load;

/// <summary>How a producer behaves, which decides what may be asked of its events.</summary>
internal enum SourceKind
{
    /// <summary>An idempotent Kafka producer: each event once in the log, each user's in order.</summary>
    Idempotent,

    /// <summary>A Kafka producer that sends again when no answer comes, without saying so: events may be in the log twice and out of order.</summary>
    Retrying,

    /// <summary>HTTP with retries, one event of a user at a time: twice in the log perhaps, but first copies in order.</summary>
    Http,

    /// <summary>Records that are no events, from an idempotent producer.</summary>
    Bad,
}

/// <summary>The events of one producer: what they are, how many were sent, and which of them were acknowledged. Safe to use from any thread.</summary>
internal sealed class Source(EventNames names, int index, SourceKind kind, int users)
{
    public const string BadKeyPrefix = "bad-";

    private readonly Lock _lock = new();
    private readonly List<bool> _acknowledged = [];
    private long _acknowledgedCount;

    public int Index => index;

    public SourceKind Kind => kind;

    public bool IsOrdered => kind is SourceKind.Idempotent or SourceKind.Http;

    public bool IsOnceInLog => kind is SourceKind.Idempotent;

    public int Users => users;

    /// <summary>Events that were begun to be sent have numbers below this.</summary>
    public long Sent
    {
        get
        {
            lock (_lock)
                return _acknowledged.Count;
        }
    }

    public long Acknowledged
    {
        get
        {
            lock (_lock)
                return _acknowledgedCount;
        }
    }

    /// <summary>The number of the next event to send. Numbers of one user are <see cref="Users"/> apart and in order.</summary>
    public long Next()
    {
        lock (_lock)
        {
            _acknowledged.Add(false);
            return _acknowledged.Count - 1;
        }
    }

    public void Acknowledge(long number)
    {
        lock (_lock)
        {
            if (_acknowledged[(int)number])
                return;
            _acknowledged[(int)number] = true;
            _acknowledgedCount++;
        }
    }

    public bool IsAcknowledged(long number)
    {
        lock (_lock)
            return _acknowledged[(int)number];
    }

    public Guid IdOf(long number) => names.IdOf(index, number);

    /// <summary>The record's key: the user, or for a bad record what it is found by.</summary>
    public string KeyOf(long number) => kind == SourceKind.Bad ? $"{BadKeyPrefix}{index}-{number}" : $"s{index}-u{number % users}";

    /// <summary>The same bytes each time, so that a copy is a copy.</summary>
    public byte[] ValueOf(long number) => kind == SourceKind.Bad ? BadValue(number) : Encoding.UTF8.GetBytes(
        $$"""{"eventType":"chaos_{{index}}","eventId":"{{IdOf(number)}}","userId":"{{KeyOf(number)}}","number":{{number}},"padding":"{{new string('x', 120)}}"}""");

    private byte[] BadValue(long number) => (number % 8) switch
    {
        0 => Encoding.UTF8.GetBytes($$"""{"eventType":"chaos","marker":"{{KeyOf(number)}}" """),
        1 => Encoding.UTF8.GetBytes($$"""{"marker":"{{KeyOf(number)}}"}"""),
        2 => Encoding.UTF8.GetBytes($$"""{"eventType":"chaos","eventId":"{{KeyOf(number)}}"}"""),
        3 => Encoding.UTF8.GetBytes($$"""["{{KeyOf(number)}}"]"""),
        4 => Encoding.UTF8.GetBytes($$"""{"eventType":"chaos","text":"\u0000 {{KeyOf(number)}}"}"""),
        5 => [0xFF, 0xFE, .. Encoding.UTF8.GetBytes(KeyOf(number))],
        6 => Encoding.UTF8.GetBytes($$"""{"eventType":"","marker":"{{KeyOf(number)}}"}"""),
        _ => [],
    };
}
