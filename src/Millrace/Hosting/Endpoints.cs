using System.Diagnostics;
using System.Text.Json;
using Npgsql;

namespace Millrace.Hosting;

/// <summary>
/// Where a running instance can be reached: the content of <c>endpoints.json</c> in its data directory, written when it is
/// ready and removed when it stops. A documented contract.
/// </summary>
/// <param name="Kafka">Kafka's bootstrap servers.</param>
/// <param name="Postgres">An Npgsql connection string, without a password.</param>
/// <param name="App">The base address of the HTTP application.</param>
/// <param name="Pid">The process that wrote the file.</param>
internal sealed record Endpoints(string Kafka, string Postgres, string App, int Pid)
{
    private const string FileName = "endpoints.json";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string WithoutSecrets(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Password = null }.ConnectionString;

    /// <summary>Appears whole or not at all: a command may read at any moment.</summary>
    public void Write(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        using (var file = new FileStream(path + ".new", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            JsonSerializer.Serialize(file, this, JsonContext.Default.Endpoints);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    public static void Remove(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, FileName));

    /// <summary>The running instance of the directory; null when there is none, or when what wrote the file is gone.</summary>
    public static Endpoints? Find(string dataDirectory)
    {
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(dataDirectory, FileName));
            Endpoints? found = JsonSerializer.Deserialize(file, JsonContext.Default.Endpoints);
            return found is not null && IsAlive(found.Pid) && DirectoryLock.ReadOwner(dataDirectory) == found.Pid ? found : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using Process process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
