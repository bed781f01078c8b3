namespace Millrace.Commands.Schema;

/// <summary>Reads one document whole.</summary>
internal static class InstanceReader
{
    private const int FirstBytes = 64 * 1024;

    /// <summary>All bytes of a stream, whose length nobody may know; null when there are more than allowed.</summary>
    public static byte[]? ReadAll(Stream input, int maxBytes)
    {
        var buffer = new byte[Math.Min(FirstBytes, maxBytes)];
        int filled = 0;
        while (true)
        {
            int read = input.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            if (read == 0)
                return buffer[..filled];
            if (filled < buffer.Length)
                continue;
            if (filled == maxBytes)
                return input.ReadByte() < 0 ? buffer : null;
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxBytes));
        }
    }
}
