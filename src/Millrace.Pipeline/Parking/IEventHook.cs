namespace Millrace.Pipeline.Parking;

/// <summary>
/// What an application wants to happen for each event before it is written: a call to another system, a check of its own. An exception is a
/// failure of that one event: its user is parked and tried again later (see <see cref="ParkingOptions"/>), everyone else goes on.
/// </summary>
public interface IEventHook
{
    /// <summary>
    /// Called for each good event in the order of its partition, before the transaction that stores it. On the partition's own thread, which waits
    /// for it, so it has to be quick; for several partitions at the same time. An event may be seen more than once: when it is tried again
    /// after a failure, when it is read again after a crash, and when a producer has sent it twice.
    /// </summary>
    /// <param name="view">The event; its bytes are good until the call returns.</param>
    void BeforeWrite(in EventView view);
}
