using System.Runtime.InteropServices;

namespace Millrace.Chaos.Servers;

/// <summary>The signals that the BCL has no name for.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    // Linux on the usual machines; macOS has others.
    private static readonly bool IsMac = OperatingSystem.IsMacOS();

    public static int Continue => IsMac ? 19 : 18;

    public static int Stop => IsMac ? 17 : 19;

    /// <summary>Sends the signal; a process that is gone is none of our business.</summary>
    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
