"""Start here: `keng`, or `python -m bot`."""

import gc


def main() -> None:
    # What is loaded stays for ever: looking through it again and again cost every start a fifth of a second.
    gc.disable()
    from bot.command_line import cli  # Only now, so that all of it is loaded meanwhile.

    gc.freeze()
    gc.enable()
    cli(prog_name="keng")


if __name__ == "__main__":
    main()
