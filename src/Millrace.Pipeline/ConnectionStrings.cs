using Npgsql;

namespace Millrace.Pipeline;

/// <summary>Reads the PostgreSQL connection strings that users write.</summary>
public static class ConnectionStrings
{
    /// <summary>The settings that the string holds.</summary>
    /// <exception cref="FormatException">It is not one. The message is for the user and quotes nothing of it: there may be a password in it.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new FormatException("The PostgreSQL connection string is not valid: write it like Host=…;Port=…;Username=…;Database=….", e);
        }
    }
}
