using System.Runtime.InteropServices;

namespace Millrace.LocalPostgres;

/// <summary>The one system call that the BCL has no name for: a signal other than SIGKILL to a process that is not our child.</summary>
internal static class PosixCalls
{
    /// <summary>Fast shutdown: roll back, write a checkpoint, end.</summary>
    public const int SigInt = 2;

    /// <summary>Immediate shutdown: end now, recover from the log at the next start.</summary>
    public const int SigQuit = 3;

    /// <summary>Sends the signal; false when there is no such process or it is not ours to signal.</summary>
    public static bool Signal(int processId, int signal) => Kill(processId, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
