using System.Diagnostics;
using Millrace.Chaos.Servers;
using Millrace.Testing;

namespace Millrace.Chaos.Tests.Servers;

public sealed class GuardianTests
{
    [Fact]
    public async Task Processes_that_are_left_are_killed_when_we_end_and_those_that_are_gone_are_not()
    {
        using var left = Process.Start("sleep", "120");
        using var paused = Process.Start("sleep", "120");
        using var gone = Process.Start("sleep", "120");
        try
        {
            Signals.Send(paused.Id, Signals.Stop);
            using (var guardian = new Guardian())
            {
                foreach (var process in (Process[])[left, gone, paused])
                {
                    guardian.Add(process.Id);
                }

                guardian.Gone(gone.Id);
            }

            await Eventually.TrueAsync(() => left.HasExited && paused.HasExited, "what was left is killed");
            Assert.False(gone.HasExited);
        }
        finally
        {
            gone.Kill();
        }
    }

    /// <summary>Its number may be another process's by then.</summary>
    [Fact]
    public void Process_that_was_added_twice_and_is_gone_is_not_killed()
    {
        using var process = Process.Start("sleep", "120");
        try
        {
            using (var guardian = new Guardian())
            {
                guardian.Add(process.Id);
                guardian.Add(process.Id);
                guardian.Gone(process.Id);
            }

            Assert.False(process.WaitForExit(TimeSpan.FromMilliseconds(200)));
        }
        finally
        {
            process.Kill();
        }
    }
}
