# The house of made-up people: `keng demo`.
demo-desk = Sample data: everybody and everything here is made up, and nothing leaves this machine.
demo-page = Sample data: this page is for trying out, and nobody is on duty. If you need real help, please call 113.
