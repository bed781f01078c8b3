using Microsoft.Win32.SafeHandles;

namespace Millrace.Broker.Log;

/// <summary>A part of a file in memory, moved forward as somebody reads.</summary>
/// <param name="file">The file.</param>
/// <param name="size">Bytes read at a time; more only where more is asked for at once.</param>
internal sealed class FileWindow(SafeFileHandle file, int size)
{
    private byte[] _buffer = new byte[size];
    private long _start;
    private int _filled;

    /// <summary>The bytes, as far as the file has them. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Read(long position, int count)
    {
        if (position + count > _start + _filled)
            MoveTo(position, count);
        var from = (int)(position - _start);
        return _buffer.AsMemory(from, Math.Min(count, _filled - from));
    }

    private void MoveTo(long position, int count)
    {
        if (count > _buffer.Length)
            _buffer = new byte[count];
        _start = position;
        _filled = 0;
        int read;
        while (_filled < _buffer.Length && (read = RandomAccess.Read(file, _buffer.AsSpan(_filled), position + _filled)) > 0)
            _filled += read;
    }
}
