namespace Millrace.LocalPostgres;

/// <summary>
/// The system account that runs the server's programs. The server refuses root, so root hands over to the owner of the
/// cluster, else to <c>postgres</c>, else to <c>nobody</c>; everybody else runs it as themselves.
/// </summary>
internal sealed class ServerAccount
{
    private string[] _launcher;

    private ServerAccount(string name, string[] launcher)
    {
        Name = name;
        _launcher = launcher;
    }

    public string Name { get; }

    /// <summary>Whether the programs run as somebody other than this process.</summary>
    public bool IsAnother => _launcher.Length > 0;

    /// <summary>The command line that runs <paramref name="command"/> as this account.</summary>
    public string[] Command(params IEnumerable<string> command) => [.. _launcher, .. command];

    /// <exception cref="LocalPostgresStartException">There is no account or no program to change to it.</exception>
    public static async Task<ServerAccount> ChooseAsync(string clusterDirectory, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(Environment.UserName, []);

        string name = await OwnerAsync(clusterDirectory, cancellationToken)
            ?? new[] { "postgres", "nobody" }.FirstOrDefault(Exists)
            ?? throw new LocalPostgresStartException(
                "PostgreSQL refuses to run as root and there is no account 'postgres' or 'nobody' to run it as: " +
                "run millrace as another user, or name a server in Postgres:ConnectionString.");

        foreach (string[] launcher in Launchers(name))
        {
            if ((await ChildProcess.RunAsync([.. launcher, "true"], "/", cancellationToken)).Succeeded)
                return new ServerAccount(name, launcher);
        }

        throw new LocalPostgresStartException(
            $"PostgreSQL refuses to run as root and none of setpriv, runuser and su could change to the account '{name}': " +
            "install util-linux, run millrace as another user, or name a server in Postgres:ConnectionString.");
    }

    /// <summary>Makes the directory the account's own, and says so clearly when the account cannot get there.</summary>
    public async Task TakeOverAsync(string directory, CancellationToken cancellationToken)
    {
        if (!IsAnother)
            return;
        if (await OwnerAsync(directory, cancellationToken) != Name)
        {
            ChildResult change = await ChildProcess.RunAsync(["chown", "-R", $"{Name}:", directory], "/", cancellationToken);
            if (!change.Succeeded)
                throw new LocalPostgresStartException($"'{directory}' could not be given to the account '{Name}' that runs PostgreSQL: {change.LastWords(1)}");
        }

        if (await MayEnterAsync(_launcher, directory, cancellationToken))
            return;

        // Below a closed directory, as root's own home is: the server gets the one right that it lacks there.
        string[] passing = PassingClosedDirectories(Name);
        if (await MayEnterAsync(passing, directory, cancellationToken))
        {
            _launcher = passing;
            return;
        }

        throw new LocalPostgresStartException(
            $"PostgreSQL refuses to run as root, and the account '{Name}' that runs it instead may not enter '{FirstClosed(directory)}': " +
            "use --data with a directory that others may pass through (such as /var/lib/millrace), or run millrace as another user.");
    }

    private static async Task<bool> MayEnterAsync(string[] launcher, string directory, CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync([.. launcher, "sh", "-c", "cd \"$1\"", "sh", directory], "/", cancellationToken)).Succeeded;

    /// <summary>
    /// As the account, but with Linux's right to pass and read what its modes close to others (not to write). The server's
    /// superuser could use it to read files, and is nobody but this account and root: its socket is closed to others.
    /// </summary>
    private static string[] PassingClosedDirectories(string name) =>
        ["setpriv", $"--reuid={name}", $"--regid={PrimaryGroup(name)}", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--"];

    private static IEnumerable<string[]> Launchers(string name)
    {
        // The first one replaces itself with the program; the others may stay in between, which nothing depends on.
        yield return ["setpriv", $"--reuid={name}", $"--regid={PrimaryGroup(name)}", "--clear-groups", "--"];
        yield return ["runuser", "-u", name, "--"];
        yield return ["su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", name];
    }

    private static async Task<string?> OwnerAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
            return null;
        ChildResult stat = await ChildProcess.RunAsync(["stat", "-c", "%U", path], "/", cancellationToken);
        string owner = stat.Output.Trim();
        return stat.Succeeded && owner is not ("root" or "UNKNOWN") ? owner : null;
    }

    private static string? FirstClosed(string directory)
    {
        string? closed = null;
        for (DirectoryInfo? d = new(directory); d is not null; d = d.Parent)
        {
            if (d.FullName != directory && (d.UnixFileMode & UnixFileMode.OtherExecute) == 0)
                closed = d.FullName;
        }

        return closed ?? directory;
    }

    private static bool Exists(string name) => Passwd(name) is not null;

    private static string PrimaryGroup(string name) => Passwd(name)?[3] ?? name;

    private static string[]? Passwd(string name) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(f => f.Length > 3 && f[0] == name);
}
