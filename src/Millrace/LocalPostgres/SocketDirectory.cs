using System.Security.Cryptography;
using System.Text;

namespace Millrace.LocalPostgres;

/// <summary>Where the server's Unix socket is.</summary>
internal static class SocketDirectory
{
    // sun_path holds 108 bytes with its terminator, and the server makes "/.s.PGSQL.NNNNN" and a lock file of it.
    private const int LongestDirectory = 107 - 16;

    /// <summary>The given directory, or a short one of its own under the temporary directory when the socket's path would get too long.</summary>
    public static string For(string directory)
    {
        if (Encoding.UTF8.GetByteCount(directory) <= LongestDirectory)
            return directory;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)).AsSpan(0, 8));
        return Path.Combine("/tmp", $"millrace-{hash}");
    }
}
