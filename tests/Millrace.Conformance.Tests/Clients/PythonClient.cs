using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>kafka-python, as Debian's python3-kafka.</summary>
public sealed class PythonClient() : ScriptClient("conformance.py")
{
    /// <summary>A developer's own python3 often comes first and knows nothing of Debian's packages.</summary>
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"];

    private string? _interpreter;

    public override string Name => "kafka-python";

    public override async Task<string?> MissingAsync()
    {
        foreach (var interpreter in Interpreters.Where(one => CommandLine.Exists(one) || File.Exists(one)))
        {
            if ((await CommandLine.RunAsync(interpreter, ["-c", "import kafka, snappy, lz4.frame, zstandard"])).ExitCode == 0)
            {
                _interpreter = interpreter;
                return null;
            }
        }

        return "no python3 has kafka-python with its codecs (Debian: apt-get install python3-kafka python3-snappy python3-lz4 python3-zstandard)";
    }

    protected override Task<CommandResult> RunAsync(IEnumerable<string> arguments, TimeSpan limit) =>
        CommandLine.RunAsync(_interpreter!, arguments, limit: limit);
}
