# SPDX-License-Identifier: Apache-2.0
# Tests answer for usbfs: libusb, which is loaded at run time, must find their open, close and ioctl.
TEST_LIBS := -rdynamic -ldl
