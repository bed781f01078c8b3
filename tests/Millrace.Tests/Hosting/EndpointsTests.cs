using Millrace.Hosting;

namespace Millrace.Tests.Hosting;

public sealed class EndpointsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void File_has_the_documented_shape_and_is_the_owners_alone()
    {
        Sample(42).Write(_directory.Path);

        string path = _directory.Below("endpoints.json");
        Assert.Equal("""{"kafka":"127.0.0.1:9092","postgres":"Host=127.0.0.1;Port=5432","app":"http://localhost:8082","pid":42}""", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Instance_that_holds_the_directory_is_found()
    {
        using DataDirectory held = DataDirectory.Open(_directory.Below("data"));
        Sample(Environment.ProcessId).Write(held.Path);

        Assert.Equal(Sample(Environment.ProcessId), Endpoints.Find(held.Path));

        Endpoints.Remove(held.Path);
        Assert.Null(Endpoints.Find(held.Path));
    }

    [Fact]
    public void File_of_a_process_that_is_gone_is_nobody()
    {
        Sample(int.MaxValue).Write(_directory.Path);
        File.WriteAllText(_directory.Below("lock.pid"), $"{int.MaxValue}\n");

        Assert.Null(Endpoints.Find(_directory.Path));
    }

    [Fact]
    public void File_whose_pid_is_somebody_elses_by_now_is_nobody()
    {
        Sample(Environment.ProcessId).Write(_directory.Path);
        File.WriteAllText(_directory.Below("lock.pid"), "1\n");

        Assert.Null(Endpoints.Find(_directory.Path));
    }

    [Fact]
    public void File_that_is_cut_off_is_nobody()
    {
        File.WriteAllText(_directory.Below("endpoints.json"), "{\"kafka\":\"127.0");

        Assert.Null(Endpoints.Find(_directory.Path));
    }

    [Fact]
    public void Password_is_left_out() =>
        Assert.Equal("Host=db;Username=app", Endpoints.WithoutSecrets("Host=db;Username=app;Password=hunter2"));

    private static Endpoints Sample(int pid) => new("127.0.0.1:9092", "Host=127.0.0.1;Port=5432", "http://localhost:8082", pid);
}
