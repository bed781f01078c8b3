using System.Net;
using System.Net.Sockets;

namespace Millrace.Hosting;

/// <summary>Looks for TCP ports that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>
    /// Whether both loopbacks are free: clients that are told <c>localhost</c> try ::1 first and would reach
    /// whoever listens there.
    /// </summary>
    public static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    /// <summary>The first free port from <paramref name="first"/> on; null when the next hundred are taken.</summary>
    public static int? NextFrom(int first)
    {
        for (int port = first; port < Math.Min(first + 100, IPEndPoint.MaxPort); port++)
        {
            if (IsFree(port))
                return port;
        }

        return null;
    }

    /// <summary>Any free port, chosen by the system.</summary>
    public static int Any()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: connections of an earlier run that linger in TIME_WAIT do not make a port taken.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return true; // No such address here (IPv6 switched off): nobody can listen on it either.
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
