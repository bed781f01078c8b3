using System.Collections;

namespace Millrace.Protocol.Records;

/// <summary>A header of a record: a name in UTF-8 that may occur more than once, and a value or null.</summary>
internal readonly record struct RecordHeader(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

/// <summary>
/// The headers of a record, parsed only when somebody goes through them. <see cref="RecordReader"/> has checked their lengths.
/// </summary>
internal readonly struct RecordHeaders(ReadOnlyMemory<byte> bytes, int count) : IReadOnlyCollection<RecordHeader>
{
    public int Count => count;

    public Enumerator GetEnumerator() => new(bytes, count);

    IEnumerator<RecordHeader> IEnumerable<RecordHeader>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal struct Enumerator(ReadOnlyMemory<byte> bytes, int count) : IEnumerator<RecordHeader>
    {
        private int _position;
        private int _left = count;

        public RecordHeader Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            var cursor = new RecordCursor(bytes, _position);
            Current = new RecordHeader(cursor.ReadBytes(), cursor.ReadNullableBytes());
            _position = cursor.Position;
            return true;
        }

        public readonly void Reset() => throw new NotSupportedException();

        public readonly void Dispose()
        {
        }
    }
}
