/** Files that are whole after a crash: the old text or the new one, never a part. */
package xlctl.agent.file;
