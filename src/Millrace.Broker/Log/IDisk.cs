using Microsoft.Win32.SafeHandles;

namespace Millrace.Broker.Log;

/// <summary>What a log asks of the disk when it writes. A seam for tests, which cannot fill a disk or break an fsync otherwise.</summary>
internal interface IDisk
{
    /// <exception cref="IOException">The disk is full or broken.</exception>
    void Write(SafeFileHandle file, string path, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset);

    /// <exception cref="IOException">What is on disk is unknown.</exception>
    void Flush(SafeFileHandle file, string path);

    /// <summary>Renames a file, over another one if there is one.</summary>
    /// <exception cref="IOException">It is where it was.</exception>
    void Move(string from, string to);

    /// <summary>Deletes a file, if it is there.</summary>
    /// <exception cref="IOException">It is still there.</exception>
    void Delete(string path);
}

/// <summary>The operating system's.</summary>
internal sealed class SystemDisk : IDisk
{
    public static readonly SystemDisk Instance = new();

    public void Write(SafeFileHandle file, string path, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset) =>
        RandomAccess.Write(file, buffers, offset);

    public void Flush(SafeFileHandle file, string path) => RandomAccess.FlushToDisk(file);

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);
}
