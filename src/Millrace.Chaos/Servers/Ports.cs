using System.Net;
using System.Net.Sockets;

namespace Millrace.Chaos.Servers;

/// <summary>
/// Ports for servers that are killed and come back on the same one. Below the range that outgoing connections take theirs from: while a server is
/// away, a connection of somebody else must not take its port.
/// </summary>
internal sealed class Ports
{
    private const int Lowest = 15_000;
    private const int Highest = 31_000;

    private readonly HashSet<int> _given = [];

    public int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            if (_given.Add(port) && IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
