/**
 * What controller and agents say to each other: {@link xlctl.agent.api.Request}s, {@link
 * xlctl.agent.api.Reply}s, progress, and the {@link xlctl.agent.api.Frame}s that carry them. No SSH
 * and no engine: both sides share this and nothing else.
 */
package xlctl.agent.api;
