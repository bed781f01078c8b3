using System.Runtime.InteropServices;

namespace Millrace.Broker.Log;

/// <summary>
/// fsync of a directory: without it a file that was created, renamed or deleted may be as before after a power cut.
/// .NET has no call for it. This is the only file of the broker that calls into the C library.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The directory cannot be flushed.</exception>
    public static void Flush(string directory)
    {
        // Windows has no such call; NTFS journals its directories.
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
            throw Failure(directory);

        try
        {
            if (Fsync(descriptor) != 0)
                throw Failure(directory);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string directory) =>
        new($"The directory {directory} cannot be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
