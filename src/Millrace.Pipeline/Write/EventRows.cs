using System.Buffers.Binary;
using System.Text;
using Millrace.Events;

namespace Millrace.Pipeline.Write;

/// <summary>
/// Rows of <c>pipeline.events</c> as the bytes of PostgreSQL's binary COPY format (manual: COPY, "Binary Format"), one after another in
/// one buffer. A payload is copied once, from the record into the row; sending, sending again after an outage and sending a part when
/// a bad row is looked for all use the same bytes.
/// </summary>
/// <remarks>Layout of a row: int16 number of fields, then for each field int32 length (-1 is NULL) and the value, big-endian.</remarks>
public sealed class EventRows
{
    /// <summary>The columns, in the order in which <see cref="Add"/> writes them; <c>created_at</c> is the database's default.</summary>
    internal const string Columns =
        "event_id, event_type, user_id, occurred_at, schema_version, correlation_id, payload, kafka_partition, kafka_offset";

    private const short FieldCount = 9;
    private const byte JsonbVersion = 1;

    // What a row has besides its texts and payload: the field count, nine lengths, and the fixed-size values.
    private const int FixedBytes = 2 + (FieldCount * 4) + 16 + 8 + 4 + 1 + 4 + 8;
    private const int InitialBytes = 64 * 1024;

    // Smaller buffers are not worth giving back.
    private const int KeptBytes = 1024 * 1024;

    private static readonly long PostgresEpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly List<int> _ends = [];
    private byte[] _buffer = new byte[InitialBytes];
    private int _length;

    /// <summary>How many rows there are.</summary>
    public int Count => _ends.Count;

    /// <summary>Their bytes.</summary>
    public int Bytes => _length;

    /// <summary>Forgets all rows. Memory that a burst has left behind is given back as soon as few rows show that the burst is over.</summary>
    public void Clear()
    {
        if (_buffer.Length > KeptBytes && _length < _buffer.Length / 16)
            _buffer = new byte[InitialBytes];
        _ends.Clear();
        _length = 0;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="eventId">The id: the event's own, or the one that was made for it.</param>
    /// <param name="envelope">What <see cref="EnvelopeReader"/> read.</param>
    /// <param name="userId">The user, UTF-8; <paramref name="hasUserId"/> says whether there is one.</param>
    /// <param name="hasUserId">Whether the column gets <paramref name="userId"/> or NULL.</param>
    /// <param name="occurredAt">When it happened, UTC.</param>
    /// <param name="payload">The event as it came, which <see cref="EnvelopeReader"/> has let pass.</param>
    /// <param name="partition">Where it was read.</param>
    /// <param name="offset">Where it was read.</param>
    public void Add(
        Guid eventId, in Envelope envelope, ReadOnlySpan<byte> userId, bool hasUserId, DateTime occurredAt,
        ReadOnlySpan<byte> payload, int partition, long offset)
    {
        var needed = FixedBytes + envelope.EventType.Length + userId.Length + envelope.CorrelationId.Length + payload.Length;
        if (_buffer.Length - _length < needed)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + needed));

        var row = new RowWriter(_buffer.AsSpan(_length));
        row.Int16(FieldCount);
        row.Uuid(eventId);
        row.Text(envelope.EventType);
        row.TextOrNull(userId, hasUserId);
        row.Int64Field((occurredAt.Ticks - PostgresEpochTicks) / TimeSpan.TicksPerMicrosecond);
        row.Int32FieldOrNull(envelope.SchemaVersion);
        row.TextOrNull(envelope.CorrelationId, envelope.HasCorrelationId);
        row.Jsonb(payload);
        row.Int32FieldOrNull(partition);
        row.Int64Field(offset);
        _length += row.Written;
        _ends.Add(_length);
    }

    /// <summary>The bytes of the rows from <paramref name="from"/> up to and without <paramref name="to"/>.</summary>
    internal ReadOnlyMemory<byte> Slice(int from, int to)
    {
        var start = from == 0 ? 0 : _ends[from - 1];
        var end = to == 0 ? 0 : _ends[to - 1];
        return _buffer.AsMemory(start, end - start);
    }

    /// <summary>The fields of a row, to be read in the order of <see cref="Columns"/>.</summary>
    internal RowReader Read(int row) => new(Slice(row, row + 1).Span[sizeof(short)..]);

    /// <summary>Whether the row has a user.</summary>
    internal bool HasUser(int row)
    {
        UserField(row, out var hasUser);
        return hasUser;
    }

    /// <summary>The row's user, UTF-8.</summary>
    internal ReadOnlySpan<byte> User(int row) => UserField(row, out _);

    private ReadOnlySpan<byte> UserField(int row, out bool hasUser)
    {
        var fields = Read(row);
        fields.Uuid();
        fields.Next(out _);
        var user = fields.Next(out var isNull);
        hasUser = !isNull;
        return user;
    }

    private static DateTime Time(long microsecondsSince2000) =>
        new(PostgresEpochTicks + (microsecondsSince2000 * TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    internal ref struct RowReader(ReadOnlySpan<byte> fields)
    {
        private ReadOnlySpan<byte> _rest = fields;

        public Guid Uuid() => new(Next(out _), bigEndian: true);

        public string? Text()
        {
            var utf8 = Next(out var isNull);
            return isNull ? null : Encoding.UTF8.GetString(utf8);
        }

        public DateTime Time() => EventRows.Time(Int64());

        public int? Int32()
        {
            var value = Next(out var isNull);
            return isNull ? null : BinaryPrimitives.ReadInt32BigEndian(value);
        }

        public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Next(out _));

        public ReadOnlySpan<byte> Jsonb() => Next(out _)[1..];

        public ReadOnlySpan<byte> Next(out bool isNull)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(_rest);
            isNull = length < 0;
            var value = _rest.Slice(sizeof(int), Math.Max(0, length));
            _rest = _rest[(sizeof(int) + value.Length)..];
            return value;
        }
    }

    private ref struct RowWriter(Span<byte> target)
    {
        private readonly Span<byte> _target = target;

        public int Written { get; private set; }

        public void Int16(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(_target[Written..], value);
            Written += 2;
        }

        public void Uuid(Guid value)
        {
            Int32(16);
            value.TryWriteBytes(_target[Written..], bigEndian: true, out _);
            Written += 16;
        }

        public void Text(ReadOnlySpan<byte> utf8)
        {
            Int32(utf8.Length);
            utf8.CopyTo(_target[Written..]);
            Written += utf8.Length;
        }

        public void TextOrNull(ReadOnlySpan<byte> utf8, bool hasValue)
        {
            if (hasValue)
                Text(utf8);
            else
                Int32(-1);
        }

        public void Jsonb(ReadOnlySpan<byte> json)
        {
            Int32(json.Length + 1);
            _target[Written++] = JsonbVersion;
            json.CopyTo(_target[Written..]);
            Written += json.Length;
        }

        public void Int32FieldOrNull(int? value)
        {
            if (value is not { } number)
            {
                Int32(-1);
                return;
            }

            Int32(4);
            Int32(number);
        }

        public void Int64Field(long value)
        {
            Int32(8);
            BinaryPrimitives.WriteInt64BigEndian(_target[Written..], value);
            Written += 8;
        }

        private void Int32(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_target[Written..], value);
            Written += 4;
        }
    }
}
