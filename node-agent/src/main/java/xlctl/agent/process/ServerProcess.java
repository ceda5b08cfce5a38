package xlctl.agent.process;

/**
 * One process of a server at a moment, as the kernel tells of it.
 *
 * @param title what the process says of itself; empty when it says nothing
 * @param state the kernel's letter: {@code S} sleeps, {@code R} runs, {@code T} is stopped
 * @param waitsIn the kernel's function in which it sleeps; empty where the kernel does not tell
 */
public record ServerProcess(long pid, String title, char state, String waitsIn) {}
