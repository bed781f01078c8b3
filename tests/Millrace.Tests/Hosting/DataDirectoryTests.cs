using Millrace.Hosting;

namespace Millrace.Tests.Hosting;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory.Below("data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void New_directory_gets_its_format_and_stays_out_of_git()
    {
        using (DataDirectory.Open(Data))
        {
        }

        // Frozen: what an older version reads.
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(Data, "format")));
        Assert.Equal("*\n", File.ReadAllText(Path.Combine(Data, ".gitignore")));
        using var again = DataDirectory.Open(Data);
    }

    [Fact]
    public void Directory_in_use_is_refused_with_the_process()
    {
        using var first = DataDirectory.Open(Data);

        var refused = Assert.Throws<StartException>(() => DataDirectory.Open(Data));

        Assert.Equal(
            $"Millrace is running already on '{Data}' (process {Environment.ProcessId}): use that one, stop it, or give another directory to --data.", refused.Message);
    }

    [Fact]
    public void Directory_of_a_newer_version_is_refused_and_left_free()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "format"), "2\n");

        for (int i = 0; i < 2; i++)
        {
            var refused = Assert.Throws<StartException>(() => DataDirectory.Open(Data));
            Assert.Contains("from a newer millrace (format 2;", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("2\n", File.ReadAllText(Path.Combine(Data, "format")));
    }

    [Fact]
    public void Directory_with_somebody_elses_files_is_refused_and_not_touched()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "thesis.txt"), "");

        var refused = Assert.Throws<StartException>(() => DataDirectory.Open(Data));

        Assert.Contains("is not a millrace data directory", refused.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Data));
    }

    [Fact]
    public void Path_that_cannot_be_a_directory_is_one_sentence()
    {
        File.WriteAllText(Data, "a file");

        var refused = Assert.Throws<StartException>(() => DataDirectory.Open(Data));

        Assert.Contains("cannot be used", refused.Message, StringComparison.Ordinal);
    }
}
